package jsvalue_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// The expected values of this file are what Node.js 22.23.3 prints.

func TestNumberJSON(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1.5: "-1.5", 0.1: "0.1", 1e20: "100000000000000000000", 1e21: "1e+21",
		-1e21: "-1e+21", 1.5e300: "1.5e+300", 1e-6: "0.000001", 1e-7: "1e-7", 1.5e-7: "1.5e-7", 5e-324: "5e-324",
		12345678901234567890: "12345678901234567000", 123456789012345680000: "123456789012345680000", 1e100: "1e+100",
		math.MaxFloat64: "1.7976931348623157e+308", math.Inf(1): "null", math.Inf(-1): "null", 4294967295: "4294967295",
	} {
		assert.Equal(t, want, jsvalue.NumberValue(f).JSON())
	}
	assert.Equal(t, "null", jsvalue.NumberValue(math.NaN()).JSON())
}

func TestStringJSON(t *testing.T) {
	const s = "\x00\x07\b\t\n\v\f\r\x1b\x1f \"\\/\x7f\u0080\u2028\u2029é\U0001F600"
	const want = `"\u0000\u0007\b\t\n\u000b\f\r\u001b\u001f \"\\/` + "\x7f\u0080\u2028\u2029é\U0001F600\""
	assert.Equal(t, want, jsvalue.StringValue(s).JSON())
}

func TestValueJSON(t *testing.T) {
	o := jsvalue.NewObject()
	o.Set("undefined", jsvalue.Value{})
	o.Set("date", jsvalue.DateValue("2025-12-19"))
	items := []jsvalue.Value{{}, jsvalue.NullValue(), jsvalue.BoolValue(true), jsvalue.BoolValue(false)}
	o.Set("items", jsvalue.ArrayValue(items))
	assert.Equal(t, `{"date":"2025-12-19","items":[null,null,true,false]}`, jsvalue.ObjectValue(o).JSON())
	assert.Equal(t, `[]`, jsvalue.ArrayValue(nil).JSON())
}

func TestKeyOrder(t *testing.T) {
	o := jsvalue.NewObject()
	for _, key := range []string{"b", "4294967294", "10", "4294967295", "01", "2", "-1", "a", "1e3", "0", "1.0", ""} {
		o.Set(key, jsvalue.NullValue())
	}
	assert.Equal(t, []string{"0", "2", "10", "4294967294", "b", "4294967295", "01", "-1", "a", "1e3", "1.0", ""}, o.Keys())
	o.Set("b", jsvalue.BoolValue(true))
	assert.Equal(t, "b", o.Keys()[4], "an overwritten key keeps its place")
	assert.Equal(t, 12, o.Len())
}

func TestKeyOffset(t *testing.T) {
	o := jsvalue.NewObject()
	o.Set("a", jsvalue.NullValue())
	_, known := o.KeyOffset("a")
	assert.False(t, known)
	o.SetAt("a", jsvalue.NullValue(), 7)
	offset, known := o.KeyOffset("a")
	assert.True(t, known)
	assert.Equal(t, 7, offset)
}

func TestPrototypeNames(t *testing.T) {
	for _, name := range []string{"constructor", "toString", "__proto__", "valueOf"} {
		assert.True(t, jsvalue.IsPrototypeName(name), name)
		assert.True(t, jsvalue.NewObject().Get(name).IsUndefined(), "an Object inherits nothing")
	}
	assert.False(t, jsvalue.IsPrototypeName("construct"))
}

func TestNilObject(t *testing.T) {
	var o *jsvalue.Object
	assert.Zero(t, o.Len())
	assert.Empty(t, o.Keys())
	assert.True(t, o.Get("constructor").IsUndefined())
	assert.True(t, jsvalue.ObjectValue(nil).IsUndefined())
	for range o.All() {
		t.Error("it has no properties")
	}
	_, known := o.KeyOffset("a")
	assert.False(t, known)
}

// What Buffer.toString("utf8") gives.
func TestValidText(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"aé€\U0001F600\uFFFD":  "aé€\U0001F600\uFFFD",
		"\xFF":                 "?",
		"\x80\xBF":             "??",
		"\xC0\xAF":             "??",
		"\xC1\x80":             "??",
		"\xC3":                 "?",
		"\xC3a":                "?a",
		"\xE2\x82":             "?",
		"\xE2\x82a":            "?a",
		"\xE2\xE2\x82\xAC":     "?€",
		"\xE0\x80\x80":         "???",
		"\xE0\x9F\x80":         "???",
		"\xE0\xA0":             "?",
		"\xED\xA0\x80":         "???",
		"\xED\x9F":             "?",
		"\xF0\x9F\x98":         "?",
		"\xF0\x9F\x98\xF0":     "??",
		"\xF0\x80\x80\x80":     "????",
		"\xF0\x90\x80x":        "?x",
		"\xF4\x90\x80\x80":     "????",
		"\xF4\x8F\xBF":         "?",
		"\xF5\x80\x80\x80":     "????",
		"\xF8\x88\x80\x80\x80": "?????",
	} {
		got := jsvalue.ValidText([]byte(text))
		assert.True(t, utf8.ValidString(got))
		assert.Equal(t, strings.ReplaceAll(want, "?", "\uFFFD"), got, "%q", text)
	}
	r, size := jsvalue.DecodeRune(nil)
	assert.Equal(t, utf8.RuneError, r)
	assert.Zero(t, size)
}

func TestTruthyAndNames(t *testing.T) {
	object := jsvalue.ObjectValue(jsvalue.NewObject())
	for _, c := range []struct {
		v        jsvalue.Value
		truthy   bool
		describe string
	}{
		{jsvalue.Value{}, false, "nothing"},
		{jsvalue.NullValue(), false, "null"},
		{jsvalue.BoolValue(true), true, "a boolean"},
		{jsvalue.BoolValue(false), false, "a boolean"},
		{jsvalue.NumberValue(0), false, "a number"},
		{jsvalue.NumberValue(math.NaN()), false, "a number"},
		{jsvalue.NumberValue(-1), true, "a number"},
		{jsvalue.StringValue(""), false, "a string"},
		{jsvalue.StringValue("0"), true, "a string"},
		{jsvalue.ArrayValue(nil), true, "an array"},
		{jsvalue.DateValue("2025-12-19"), true, "a date"},
		{object, true, "an object"},
	} {
		assert.Equal(t, c.truthy, c.v.Truthy(), c.describe)
		assert.Equal(t, c.describe, c.v.Describe())
	}
}

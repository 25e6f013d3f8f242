package binding_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

func TestEnvValues(t *testing.T) {
	e := env(t, binding.Var("T", "1"), binding.Secret("S", ""), binding.JSONVar("N", " 1.50 "),
		binding.JSONVar("NULL", "null"), binding.JSONVar("DUP", `{"a":1,"a":2}`),
		binding.JSONVar("O", `{"a": [1, true, "x", {"b": null}], "big": 1e999, "small": -1e999}`))
	assert.Equal(t, map[string]any{
		"T": "1", "S": "", "N": 1.5, "NULL": nil, "DUP": map[string]any{"a": 2.0},
		"O": map[string]any{"a": []any{1.0, true, "x", map[string]any{"b": nil}}, "big": math.Inf(1), "small": math.Inf(-1)},
	}, e.Values())
	e.Values()["O"].(map[string]any)["a"] = nil
	assert.NotNil(t, e.Values()["O"].(map[string]any)["a"])
	assert.Equal(t, map[string]any{}, binding.Env{}.Values())
}

func TestEnvRevealJSON(t *testing.T) {
	e := env(t, binding.Var("B", "<a>&\"\n\xff"), binding.Secret("A", ""),
		binding.JSONVar("J", "{ \"x\" : [1, 2.50]}\n"), binding.JSONVar("10", "null"), binding.Var("9", "é"))
	assert.Equal(t, `{"10":null,"9":"é","A":"","B":"<a>&\"\n\ufffd","J":{"x":[1,2.50]}}`, string(e.RevealJSON()))
	assert.Equal(t, "{}", string(binding.Env{}.RevealJSON()))
}

func TestBindingJSON(t *testing.T) {
	for _, c := range []struct {
		b    binding.Binding
		want string
	}{
		{binding.Var("A", "te<x>t"), `{"name":"A","type":"plain_text","text":"te<x>t"}`},
		{binding.Secret("", ""), `{"name":"","type":"secret_text","text":""}`},
		{binding.JSONVar("J", `{"b":1.50,"a":[]}`), `{"name":"J","type":"json","json":{"b":1.50,"a":[]}}`},
		{binding.JSONVar("J", "null"), `{"name":"J","type":"json","json":null}`},
		{binding.Inherited("I"), `{"name":"I","type":"inherit"}`},
		{binding.InheritedFrom("I", `{"old_name":"O","version_id":"v"}`),
			`{"name":"I","type":"inherit","old_name":"O","version_id":"v"}`},
		{binding.Resource("kv_namespace", "R", `{"z":1,"a":{"name":"x"},"z":2}`),
			`{"name":"R","type":"kv_namespace","z":1,"a":{"name":"x"},"z":2}`},
	} {
		assert.Equal(t, c.want, string(c.b.RevealJSON()))
		back, err := binding.ParseBinding([]byte(c.want))
		require.NoError(t, err, c.want)
		assert.True(t, c.b.Equal(back), c.want)
	}
	for _, b := range []binding.Binding{{}, binding.JSONVar("J", "{"), binding.Resource("json", "R", "{}"),
		binding.InheritedFrom("I", "[]")} {
		assert.Equal(t, "null", string(b.RevealJSON()))
	}
}

func TestParseBinding(t *testing.T) {
	for in, want := range map[string]binding.Binding{
		" { \"type\" : \"json\", \"json\": { \"a\": 1 },\n\"name\":\"J\"}": binding.JSONVar("J", `{"a":1}`),
		`{"n\u0061me":"A","type":"plain_text","text":"x","note":1}`:        binding.Var("A", "x"),
		`{"name":"A","name":"B","type":"plain_text","text":"x"}`:           binding.Var("B", "x"),
		`{"id": "1", "name":"R", "x" : [ ], "type":"d1"}`:                  binding.Resource("d1", "R", `{"id":"1","x":[]}`),
	} {
		got, err := binding.ParseBinding([]byte(in))
		require.NoError(t, err, in)
		assert.True(t, want.Equal(got), in)
	}
}

func TestParseBindingErrors(t *testing.T) {
	const form = "not a binding in the form of Cloudflare's API"
	missing := func(member string) string {
		return fmt.Sprintf("A: %s: member %q is missing or of another type", form, member)
	}
	for in, want := range map[string]string{
		``:                                   form,
		`null`:                               form,
		`["hunter2"]`:                        form,
		`{"name":"A","type":"json"} hunter2`: form,
		`{"type":"secret_text","text":"hunter2"}`:              form + `: member "name" is not a string`,
		`{"name":["hunter2"],"type":"secret_text"}`:            form + `: member "name" is not a string`,
		`{"name":"A","text":"hunter2"}`:                        missing("type"),
		`{"name":"A","type":"","text":"hunter2"}`:              "A: kind is not that of a resource",
		`{"name":"A","type":"Secret_Text","text":"hunter2"}`:   "A: kind is not that of a resource",
		`{"name":"A","type":"secret_text ","text":"hunter2"}`:  "A: kind is not that of a resource",
		`{"name":"A","type":"secret_text"}`:                    missing("text"),
		`{"name":"A","type":"plain_text","text":null}`:         missing("text"),
		`{"name":"A","type":"secret_text","text":["hunter2"]}`: missing("text"),
		`{"name":"A","type":"json","text":"hunter2"}`:          missing("json"),
		`{"name":"A","type":"inherit","old_name":["hunter2"]}`: "A: attributes are not a JSON object without name and type",
	} {
		b, err := binding.ParseBinding([]byte(in))
		assert.EqualError(t, err, want, in)
		assert.True(t, b.Equal(binding.Binding{}), in)
		assert.NotContains(t, err.Error(), "hunter2")
		if strings.Contains(want, form) {
			assert.ErrorIs(t, err, binding.ErrForm)
		}
	}
}

// FuzzParseBinding checks that the bindings that ParseBinding returns are valid, and that ParseBinding
// returns the same binding for the result of RevealJSON.
func FuzzParseBinding(f *testing.F) {
	for _, in := range []string{`{"name":"A","type":"plain_text","text":"x"}`,
		`{"name":"J","type":"json","json":[1e999]}`, `{"name":"R","type":"d1","a":1}`,
		`{"name":"I","type":"inherit","old_name":"B"}`, `{"name":"\ud800","type":"x"}`, `null`} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := binding.ParseBinding(data)
		if err != nil {
			return
		}
		e, err := binding.NewSet(b)
		if err != nil {
			t.Fatalf("NewSet: %v", err)
		}
		out := b.RevealJSON()
		if !json.Valid(out) {
			t.Fatal("RevealJSON is not valid JSON")
		}
		back, err := binding.ParseBinding(out)
		if err != nil || len(e.Diff(set(t, back))) != 0 {
			t.Fatalf("RevealJSON gives another binding: %v", err)
		}
	})
}

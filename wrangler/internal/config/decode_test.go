package config_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// decode reads the JSON text of a configuration. As in wrangler, "__proto__" sets the prototype.
func decode(t testing.TB, text string) jsvalue.Value { return (&decoder{t: t}).all(text) }

// decodeTOML reads the JSON text of what stands for a TOML file: objects inherit nothing, {"$date": S} is a date, and
// {"$number": S} is a number that JSON does not have.
func decodeTOML(t testing.TB, text string) jsvalue.Value {
	return (&decoder{t: t, toml: true}).all(text)
}

type decoder struct {
	t    testing.TB
	json *json.Decoder
	toml bool
}

func (d *decoder) all(text string) jsvalue.Value {
	d.t.Helper()
	d.json = json.NewDecoder(strings.NewReader(text))
	d.json.UseNumber()
	return d.value(d.token())
}

func (d *decoder) token() json.Token {
	token, err := d.json.Token()
	if err != nil {
		d.t.Fatalf("the test's own JSON is wrong: %v", err)
	}
	return token
}

func (d *decoder) value(token json.Token) jsvalue.Value {
	offset := int(d.json.InputOffset()) - 1
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return d.array().At(offset)
		}
		return d.object().At(offset)
	case nil:
		return jsvalue.NullValue()
	case bool:
		return jsvalue.BoolValue(token)
	case string:
		return jsvalue.StringValue(token).At(offset)
	case json.Number:
		f, _ := token.Float64() // beyond the range it is an infinity, as in JavaScript
		return jsvalue.NumberValue(f)
	}
	return jsvalue.Value{}
}

func (d *decoder) array() jsvalue.Value {
	items := []jsvalue.Value{}
	for {
		token := d.token()
		if token == json.Delim(']') {
			return jsvalue.ArrayValue(items)
		}
		items = append(items, d.value(token))
	}
}

func (d *decoder) object() jsvalue.Value {
	o := jsvalue.NewObject()
	for {
		token := d.token()
		if token == json.Delim('}') {
			return special(o)
		}
		key, at := token.(string), int(d.json.InputOffset())
		value := d.value(d.token())
		if d.toml || key != "__proto__" {
			o.SetAt(key, value, at)
		}
	}
}

// special makes a date or number of the objects that stand for one.
func special(o *jsvalue.Object) jsvalue.Value {
	if v, ok := o.Own("$date"); ok && v.Is(jsvalue.String) {
		return jsvalue.DateValue(v.Text())
	}
	if v, ok := o.Own("$number"); ok {
		return jsvalue.NumberValue(map[string]float64{
			"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "-0": math.Copysign(0, -1),
		}[v.Text()])
	}
	return jsvalue.ObjectValue(o)
}

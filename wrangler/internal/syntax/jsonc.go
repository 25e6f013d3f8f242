package syntax

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/tailscale/hujson"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// readJSONC reads the text of s as JSON with comments and trailing commas. The error is a fault.
func readJSONC(s *source) (jsvalue.Value, error) {
	c := jsoncCheck{jsoncScanner: jsoncScanner{draft: draft{text: s.text}}}
	if err := c.run(); err != nil {
		return jsvalue.Value{}, err
	}
	root, err := hujson.Parse(c.bytes())
	if err != nil {
		return jsvalue.Value{}, &fault{code: CodeLibrary} // its text would quote the file
	}
	return s.jsonValue(&root), nil
}

// jsonValue returns the value that the reference makes of v. Offsets are asked for in the order of the text, as origin
// wants them.
func (s *source) jsonValue(v *hujson.Value) jsvalue.Value {
	offset := s.origin(v.StartOffset)
	switch t := v.Value.(type) {
	case *hujson.Object:
		return jsvalue.ObjectValue(s.jsonObject(t)).At(offset)
	case *hujson.Array:
		items := make([]jsvalue.Value, 0, len(t.Elements))
		for i := range t.Elements {
			items = append(items, s.jsonValue(&t.Elements[i]))
		}
		return jsvalue.ArrayValue(items).At(offset)
	case hujson.Literal:
		return jsonLiteral(t).At(offset)
	}
	return jsvalue.Value{}
}

func (s *source) jsonObject(t *hujson.Object) *jsvalue.Object {
	o := jsvalue.NewObject()
	for i := range t.Members {
		m := &t.Members[i]
		name, _ := m.Name.Value.(hujson.Literal)
		offset := s.origin(m.Name.StartOffset)
		o.Assign(jsonString(name), s.jsonValue(&m.Value), offset)
	}
	return o
}

func jsonLiteral(l hujson.Literal) jsvalue.Value {
	switch l.Kind() {
	case 't', 'f':
		return jsvalue.BoolValue(l.Bool())
	case 'n':
		return jsvalue.NullValue()
	case '"':
		return jsvalue.StringValue(jsonString(l))
	}
	// A number that is out of range is an infinity, as Number() makes it; hujson's own Float gives 0.
	f, _ := strconv.ParseFloat(string(l), 64)
	return jsvalue.NumberValue(f)
}

// jsonString returns the text of a string literal. A lone surrogate is U+FFFD.
func jsonString(l hujson.Literal) string {
	if bytes.IndexByte(l, '\\') < 0 {
		return string(l[1 : len(l)-1])
	}
	var s string
	if json.Unmarshal(l, &s) != nil {
		return ""
	}
	return s
}

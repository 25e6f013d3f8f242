package syntax

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// jsonParser reads JSON with comments and trailing commas.
type jsonParser struct {
	src    []byte
	pos    int
	depth  int
	budget budget

	repeated []RepeatedKey
}

// RepeatedKey is a key that its object has twice, of which wrangler ignores the first. Keys that start with "//" are
// comments.
type RepeatedKey struct {
	First, Second int // byte offsets
}

// RepeatedKeys returns the repeated keys in src, the text of a JSON file that Parse accepts.
func RepeatedKeys(src []byte) []RepeatedKey {
	p := &jsonParser{src: src}
	_, _ = p.read()
	return p.repeated
}

func readJSONC(src []byte) (jsvalue.Value, *Error) { return (&jsonParser{src: src}).read() }

// read reads the whole text.
func (p *jsonParser) read() (jsvalue.Value, *Error) {
	if bytes.HasPrefix(p.src, []byte(utf8BOM)) {
		p.pos = len(utf8BOM)
	}
	if err := p.skip(); err != nil {
		return jsvalue.Value{}, err
	}
	v, err := p.value()
	if err == nil && p.pos < len(p.src) {
		err = p.invalid("expected the end of the file")
	}
	return v, err
}

// invalid returns a syntax error at pos. The text must be a constant.
func (p *jsonParser) invalid(text string) *Error { return invalidJSON(p.pos, text) }

func invalidJSON(offset int, text string) *Error {
	return &Error{offset: offset, cause: "invalid JSON: " + text}
}

// next returns the byte at pos, 0 at the end of the text.
func (p *jsonParser) next() byte {
	if p.pos == len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

// skip goes over white space and comments.
func (p *jsonParser) skip() *Error {
	for {
		switch rest := p.src[p.pos:]; {
		case len(rest) == 0:
			return nil
		case bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0:
			p.pos++
		case bytes.HasPrefix(rest, []byte("//")):
			n := bytes.IndexAny(rest, "\r\n")
			if n < 0 {
				n = len(rest)
			}
			p.pos += n
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest[2:], []byte("*/"))
			if n < 0 {
				return p.invalid("this comment has no end")
			}
			p.pos += 2 + n + 2
		default:
			return nil
		}
	}
}

// value reads the value at pos, and goes to what follows behind it.
func (p *jsonParser) value() (v jsvalue.Value, err *Error) {
	start := p.pos
	if err := p.budget.spend(p.depth, start); err != nil {
		return v, err
	}
	switch c := p.next(); {
	case c == '{':
		object := jsvalue.NewObject()
		err = p.items('}', "expected a comma or a closing brace", func() *Error { return p.property(object) })
		v = jsvalue.ObjectValue(object)
	case c == '[':
		items := []jsvalue.Value{}
		err = p.items(']', "expected a comma or a closing bracket", func() *Error {
			item, err := p.value()
			items = append(items, item)
			return err
		})
		v = jsvalue.ArrayValue(items)
	case c == '"':
		var text string
		text, err = p.text()
		v = jsvalue.StringValue(text)
	case c == '-' || c >= '0' && c <= '9':
		v, err = p.number()
	default:
		v, err = p.word()
	}
	if err == nil {
		err = p.skip()
	}
	return v.At(start), err
}

// items reads the object or array at pos up to the byte end: items with commas between, and perhaps one after the last.
func (p *jsonParser) items(end byte, expected string, item func() *Error) *Error {
	p.depth++
	defer func() { p.depth-- }()
	for {
		p.pos++ // the opening bracket or a comma
		if err := p.skip(); err != nil {
			return err
		}
		if p.next() == end {
			break
		}
		if err := item(); err != nil {
			return err
		}
		if c := p.next(); c == end {
			break
		} else if c != ',' {
			return p.invalid(expected)
		}
	}
	p.pos++
	return nil
}

// property reads a key and its value into o.
func (p *jsonParser) property(o *jsvalue.Object) *Error {
	start := p.pos
	if p.next() != '"' {
		return p.invalid("expected a key in double quotes")
	}
	key, err := p.text()
	if err != nil {
		return err
	}
	if err := p.skip(); err != nil {
		return err
	}
	if p.next() != ':' {
		return p.invalid("expected a colon after the key")
	}
	p.pos++
	if err := p.skip(); err != nil {
		return err
	}
	v, err := p.value()
	if err == nil && key != "__proto__" {
		if first, ok := o.KeyOffset(key); ok && !strings.HasPrefix(key, "//") {
			p.repeated = append(p.repeated, RepeatedKey{first, start})
		}
		o.SetAt(key, v, start)
	}
	return err
}

// text reads the string at pos. A lone surrogate is U+FFFD.
func (p *jsonParser) text() (string, *Error) {
	start := p.pos
	escaped := false
	for p.pos++; p.next() != '"'; p.pos++ {
		switch c := p.next(); {
		case p.pos == len(p.src) || c == '\n' || c == '\r':
			return "", invalidJSON(start, "this string has no closing quote")
		case c < ' ':
			return "", p.invalid("control characters in a string must be escaped")
		case c == '\\':
			escaped = true
			if next := p.src[p.pos+1:]; len(next) > 0 && (next[0] == '"' || next[0] == '\\') {
				p.pos++
			}
		}
	}
	p.pos++
	if !escaped {
		return jsvalue.ValidText(p.src[start+1 : p.pos-1]), nil
	}
	var text string
	if json.Unmarshal([]byte(jsvalue.ValidText(p.src[start:p.pos])), &text) != nil {
		return "", invalidJSON(start, "this string has an escape that JSON does not have")
	}
	return text, nil
}

// number reads the number at pos. One that is out of range is an infinity, as in JavaScript.
func (p *jsonParser) number() (jsvalue.Value, *Error) {
	literal := p.take("+-.0123456789eE")
	if !json.Valid(literal) {
		return jsvalue.Value{}, invalidJSON(p.pos-len(literal), "this number is not written as JSON has it")
	}
	f, _ := strconv.ParseFloat(string(literal), 64)
	return jsvalue.NumberValue(f), nil
}

// word reads true, false or null.
func (p *jsonParser) word() (jsvalue.Value, *Error) {
	start := p.pos
	switch string(p.take("abcdefghijklmnopqrstuvwxyz")) {
	case "true":
		return jsvalue.BoolValue(true), nil
	case "false":
		return jsvalue.BoolValue(false), nil
	case "null":
		return jsvalue.NullValue(), nil
	}
	return jsvalue.Value{}, invalidJSON(start, "expected a value")
}

// take returns the run of bytes at pos that are all in set, and goes behind it.
func (p *jsonParser) take(set string) []byte {
	rest := p.src[p.pos:]
	n := 0
	for n < len(rest) && bytes.IndexByte([]byte(set), rest[n]) >= 0 {
		n++
	}
	p.pos += n
	return rest[:n]
}

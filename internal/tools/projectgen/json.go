package projectgen

import (
	"encoding/json"
	"fmt"
	"strings"
)

// jsonWriter writes values as JSON, or as JSON with comments and trailing commas.
type jsonWriter struct {
	g        *Generator
	b        strings.Builder
	newline  string
	comments bool
}

// json returns o in a random style.
func (g *Generator) json(o *object) string {
	w := &jsonWriter{g: g, newline: pick(g, []string{"", "\n", "\n", "\n", "\r\n"}), comments: g.one(3)}
	w.comment()
	w.value(o, 0)
	w.comment()
	return w.b.String() + w.newline
}

func (w *jsonWriter) value(v value, depth int) {
	switch v := v.(type) {
	case nil:
		w.b.WriteString("null")
	case raw:
		w.b.WriteString(string(v))
	case string:
		w.text(v)
	case []value:
		w.list(v, depth)
	case *object:
		w.object(v, depth)
	default:
		fmt.Fprint(&w.b, v)
	}
}

func (w *jsonWriter) object(o *object, depth int) {
	w.b.WriteString("{")
	for i, m := range o.members {
		w.separate(i, depth+1)
		w.text(m.key)
		w.b.WriteString(pick(w.g, []string{":", ": ", ": ", " :\t"}))
		w.value(m.value, depth+1)
	}
	w.end(len(o.members), depth)
	w.b.WriteString("}")
}

func (w *jsonWriter) list(list []value, depth int) {
	w.b.WriteString("[")
	for i, v := range list {
		w.separate(i, depth+1)
		w.value(v, depth+1)
	}
	w.end(len(list), depth)
	w.b.WriteString("]")
}

func (w *jsonWriter) separate(i, depth int) {
	if i > 0 {
		w.b.WriteString(",")
	}
	w.comment()
	w.indent(depth)
}

func (w *jsonWriter) indent(depth int) {
	w.b.WriteString(w.newline)
	if w.newline != "" {
		w.b.WriteString(strings.Repeat("  ", depth))
	}
}

func (w *jsonWriter) end(members, depth int) {
	if members > 0 && w.comments && w.g.one(4) {
		w.b.WriteString(",")
	}
	w.indent(depth)
}

func (w *jsonWriter) comment() {
	if w.comments && w.g.one(6) {
		w.b.WriteString(pick(w.g, []string{"/* c */", "// \"c\": 1\n", "/**/", "//\r\n", "/* \n } */"}))
	}
}

// text writes a string, sometimes with escapes that are not needed.
func (w *jsonWriter) text(s string) {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	if s != "" && w.g.one(20) {
		escaped := fmt.Sprintf(`"\u%04x`, s[0])
		if s[0] < 0x80 {
			rest, _ := json.Marshal(s[1:])
			quoted = append([]byte(escaped), rest[1:]...)
		}
	}
	w.b.Write(quoted)
}

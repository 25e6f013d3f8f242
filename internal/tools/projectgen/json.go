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

// plainJSON returns o without comments, in one line.
func (g *Generator) plainJSON(o *object) string {
	w := &jsonWriter{g: g}
	w.value(o, 0)
	return w.b.String()
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
		w.list("[", "]", len(v), depth, func(i int) { w.value(v[i], depth+1) })
	case *object:
		w.list("{", "}", len(v.members), depth, func(i int) {
			w.text(v.members[i].key)
			w.b.WriteString(pick(w.g, []string{":", ": ", ": ", " :\t"}))
			w.value(v.members[i].value, depth+1)
		})
	default:
		fmt.Fprint(&w.b, v)
	}
}

// list writes n members between brackets.
func (w *jsonWriter) list(open, end string, n, depth int, member func(i int)) {
	w.b.WriteString(open)
	for i := range n {
		if i > 0 {
			w.b.WriteString(",")
		}
		w.comment()
		w.indent(depth + 1)
		member(i)
	}
	if n > 0 && w.comments && w.g.one(4) {
		w.b.WriteString(",")
	}
	w.indent(depth)
	w.b.WriteString(end)
}

func (w *jsonWriter) indent(depth int) {
	if w.newline != "" {
		w.b.WriteString(w.newline + strings.Repeat("  ", depth))
	}
}

func (w *jsonWriter) comment() {
	if w.comments && w.g.one(6) {
		w.b.WriteString(pick(w.g, []string{"/* c */", "// \"c\": 1\n", "/**/", "//\r\n", "/* \n } */"}))
	}
}

// text writes a string, sometimes with an escape that is not needed.
func (w *jsonWriter) text(s string) {
	escaped := ""
	if w.g.one(20) && s != "" && s[0] < 0x80 {
		escaped, s = fmt.Sprintf(`\u%04x`, s[0]), s[1:]
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	w.b.WriteString(`"` + escaped + string(quoted[1:]))
}

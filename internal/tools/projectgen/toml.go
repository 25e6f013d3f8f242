package projectgen

import (
	"fmt"
	"strings"
)

// tomlWriter writes values as TOML.
type tomlWriter struct {
	g       *Generator
	b       strings.Builder
	newline string
}

// toml returns o in a random style.
func (g *Generator) toml(o *object) string {
	w := &tomlWriter{g: g, newline: pick(g, []string{"\n", "\n", "\n", "\r\n"})}
	w.table(nil, o)
	return w.b.String()
}

// table writes the members of o. It writes tables last, since a line after the header of a table
// belongs to that table.
func (w *tomlWriter) table(path []string, o *object) {
	var tables []member
	for _, m := range o.members {
		if w.isTable(m.value) {
			tables = append(tables, m)
			continue
		}
		w.assign(w.key(m.key), m.value)
	}
	for _, m := range tables {
		w.header(append(path[:len(path):len(path)], w.key(m.key)), m.value)
	}
}

func (w *tomlWriter) header(path []string, v value) {
	w.comment()
	if o, ok := v.(*object); ok {
		w.b.WriteString("[" + strings.Join(path, ".") + "]" + w.newline)
		w.table(path, o)
		return
	}
	for _, item := range v.([]value) {
		w.b.WriteString("[[" + strings.Join(path, ".") + "]]" + w.newline)
		w.table(path, item.(*object))
	}
}

// isTable reports whether v is written under a header of its own.
func (w *tomlWriter) isTable(v value) bool {
	switch v := v.(type) {
	case *object:
		return !w.g.one(5)
	case []value:
		for _, item := range v {
			if _, ok := item.(*object); !ok {
				return false
			}
		}
		return len(v) > 0 && !w.g.one(3)
	}
	return false
}

// assign writes a line, or a line for each member of an object. TOML has no null: assign omits it in
// most cases, and otherwise writes another value.
func (w *tomlWriter) assign(key string, v value) {
	if v == nil && !w.g.odd(40) {
		return
	}
	if o, ok := v.(*object); ok && len(o.members) > 0 && w.g.one(2) {
		for _, m := range o.members {
			w.assign(key+"."+w.key(m.key), m.value)
		}
		return
	}
	w.comment()
	w.b.WriteString(key + pick(w.g, []string{" = ", "=", " =\t"}))
	w.value(v)
	w.b.WriteString(w.newline)
}

func (w *tomlWriter) comment() {
	if w.g.one(15) {
		w.b.WriteString(pick(w.g, []string{"# c", "", "  # [vars]"}) + w.newline)
	}
}

func (w *tomlWriter) value(v value) {
	switch v := v.(type) {
	case nil:
		w.b.WriteString("false")
	case raw:
		w.b.WriteString(string(v))
	case string:
		w.text(v)
	case []value:
		w.list("[", "]", pick(w.g, []string{",", ", ", ",\n  "}), len(v), func(i int) { w.value(v[i]) })
	case *object:
		w.list("{", "}", ", ", len(v.members), func(i int) {
			w.b.WriteString(w.key(v.members[i].key) + " = ")
			w.value(v.members[i].value)
		})
	default:
		fmt.Fprint(&w.b, v)
	}
}

// list writes n members between brackets.
func (w *tomlWriter) list(open, end, separator string, n int, member func(i int)) {
	w.b.WriteString(open)
	for i := range n {
		if i > 0 {
			w.b.WriteString(separator)
		}
		member(i)
	}
	w.b.WriteString(end)
}

func (w *tomlWriter) key(key string) string {
	if key != "" && strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == "" &&
		!w.g.one(10) {
		return key
	}
	if !strings.ContainsAny(key, "'\t\"") && w.g.one(3) {
		return "'" + key + "'"
	}
	return basic(key)
}

func (w *tomlWriter) text(s string) {
	plain := !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
	switch {
	case plain && !strings.Contains(s, "'") && w.g.one(3):
		w.b.WriteString("'" + s + "'")
	case plain && !strings.ContainsAny(s, `"\`) && w.g.one(8):
		w.b.WriteString(`"""` + w.newline + s + `"""`)
	case plain && !strings.Contains(s, "'") && w.g.one(8):
		w.b.WriteString("'''" + w.newline + s + "'''")
	default:
		w.b.WriteString(basic(s))
	}
}

// basic returns a basic string of TOML.
func basic(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

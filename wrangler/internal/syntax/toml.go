package syntax

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// tomlReader makes values of the expressions that go-toml finds in a document. It uses the package unstable, because
// toml.Unmarshal gives neither the order of keys nor positions, and searches all keys again for each one. A newer
// go-toml may change that package: whatever does not fit is an error with CodeLibrary.
type tomlReader struct {
	src    []byte
	text   []byte // src in UTF-8; other bytes are not valid TOML
	pos    int    // where in text the next value can begin
	parser unstable.Parser
	states map[*jsvalue.Object]tableState // of the tables that can be added to: all but inline tables
	budget budget

	// A place in text and the same place in src, where origin goes on.
	at, from int
}

// tableState is how a table came to be, which decides who may add to it.
type tableState int

const (
	byDottedKey tableState = iota + 1 // by dotted keys, and only other dotted keys may set its values
	implied                           // by a longer header; one of its own may follow
	byHeader                          // by its own header, as a table in an array of tables, or as the root
)

func readTOML(src []byte) (v jsvalue.Value, err *Error) {
	r := &tomlReader{src: src, text: src, states: map[*jsvalue.Object]tableState{}}
	defer func() {
		if recover() != nil {
			err = r.misfit()
		}
	}()
	if bytes.HasPrefix(src, []byte(utf8BOM)) {
		r.text = append([]byte("   "), src[len(utf8BOM):]...)
	}
	if !utf8.Valid(r.text) {
		r.text = []byte(jsvalue.ValidText(r.text))
	}
	if bytes.Count(r.text, []byte(","))+bytes.Count(r.text, []byte(".")) > MaxValues {
		return v, &Error{Code: CodeValues}
	}
	root := jsvalue.NewObject()
	r.states[root] = byHeader
	err = r.read(root)
	return jsvalue.ObjectValue(root).At(len(src) - len(bytes.TrimPrefix(src, []byte(utf8BOM)))), err
}

// misfit returns the error for a parser that does not behave as this package expects.
func (r *tomlReader) misfit() *Error { return &Error{Code: CodeLibrary, offset: r.from} }

// read reads the whole document into root.
func (r *tomlReader) read(root *jsvalue.Object) *Error {
	table, depth := root, 0
	r.parser.Reset(r.text)
	for r.parser.NextExpression() {
		var err *Error
		switch n := r.parser.Expression(); n.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, depth, err = r.header(root, n)
		case unstable.KeyValue:
			err = r.keyValue(table, n, depth)
		default:
			err = r.misfit()
		}
		if err != nil {
			return err
		}
	}
	return r.parserError()
}

// parserError returns the position of the parser's error. Its text is left out, since it may quote the file.
func (r *tomlReader) parserError() *Error {
	var bad *unstable.ParserError
	switch err := r.parser.Error(); {
	case err == nil:
		return nil
	case errors.As(err, &bad):
		return invalid(r.origin(int(r.parser.Range(bad.Highlight).Offset)), "")
	}
	return r.misfit()
}

// header returns the table of a header, which it makes or, if a longer header came first, finds, and its depth.
func (r *tomlReader) header(root *jsvalue.Object, n *unstable.Node) (*jsvalue.Object, int, *Error) {
	bracket := bytes.LastIndexByte(r.text[:n.Child().Raw.Offset], '[')
	if n.Kind == unstable.ArrayTable {
		bracket--
	}
	offset := r.origin(bracket)
	parent, last, depth, err := r.descend(root, n, implied, 0)
	if err == nil {
		err = r.budget.spend(depth, offset)
	}
	if err != nil {
		return nil, 0, err
	}
	table := jsvalue.NewObject()
	old, exists := parent.Own(last.name)
	switch {
	case n.Kind == unstable.ArrayTable:
		v := jsvalue.ObjectValue(table).At(offset)
		if !exists {
			parent.SetAt(last.name, jsvalue.ArrayValue([]jsvalue.Value{v}).At(offset), last.offset)
			break
		}
		if items := old.Items(); len(items) == 0 || r.states[lastTable(old)] == 0 {
			return nil, 0, invalid(last.offset, redefined)
		}
		first, _ := old.Offset()
		key, _ := parent.KeyOffset(last.name)
		parent.SetAt(last.name, jsvalue.ArrayValue(append(old.Items(), v)).At(first), key)
	case exists && r.states[old.Object()] != implied:
		return nil, 0, invalid(last.offset, redefined)
	default:
		if exists {
			table = old.Object()
		}
		parent.SetAt(last.name, jsvalue.ObjectValue(table).At(offset), last.offset)
	}
	r.states[table] = byHeader
	return table, depth, nil
}

const redefined = "this name is already defined"

// tomlKey is a part of a dotted key.
type tomlKey struct {
	name   string
	offset int
}

// descend goes from table along the key of n. It returns the table that the last part of the key is in, that part, and
// how deep a value there is. A table that is missing on the way gets the state made.
func (r *tomlReader) descend(table *jsvalue.Object, n *unstable.Node, made tableState, depth int) (*jsvalue.Object, tomlKey, int, *Error) {
	for it := n.Key(); it.Next(); {
		raw := it.Node().Raw
		key := tomlKey{name: string(it.Node().Data), offset: r.origin(int(raw.Offset))}
		r.pos = int(raw.Offset + raw.Length)
		depth++
		if it.IsLast() {
			return table, key, depth, nil
		}
		v, exists := table.Own(key.name)
		if !exists {
			if err := r.budget.spend(depth, key.offset); err != nil {
				return nil, key, 0, err
			}
			next := jsvalue.NewObject()
			r.states[next] = made
			table.SetAt(key.name, jsvalue.ObjectValue(next).At(key.offset), key.offset)
			table = next
			continue
		}
		table = lastTable(v)
		if state := r.states[table]; state == 0 || state == byHeader && made == byDottedKey {
			return nil, key, 0, invalid(key.offset, redefined)
		}
	}
	return nil, tomlKey{}, 0, r.misfit()
}

// lastTable returns the table that v is, or the last one of the array of tables that v is, or nil.
func lastTable(v jsvalue.Value) *jsvalue.Object {
	if items := v.Items(); len(items) > 0 {
		v = items[len(items)-1]
	}
	return v.Object()
}

// keyValue reads a key and its value into table, which is nested depth levels deep.
func (r *tomlReader) keyValue(table *jsvalue.Object, n *unstable.Node, depth int) *Error {
	parent, last, depth, err := r.descend(table, n, byDottedKey, depth)
	if err != nil {
		return err
	}
	if _, exists := parent.Own(last.name); exists {
		return invalid(last.offset, redefined)
	}
	v, err := r.value(n.Value(), depth)
	if err == nil {
		parent.SetAt(last.name, v, last.offset)
	}
	return err
}

// value reads the value that comes next in the text.
func (r *tomlReader) value(n *unstable.Node, depth int) (v jsvalue.Value, err *Error) {
	r.skip()
	offset := r.origin(r.pos)
	if err := r.budget.spend(depth, offset); err != nil {
		return v, err
	}
	switch n.Kind {
	case unstable.Array:
		items := []jsvalue.Value{}
		err = r.items(n, "[]", func(n *unstable.Node) *Error {
			item, err := r.value(n, depth+1)
			items = append(items, item)
			return err
		})
		v = jsvalue.ArrayValue(items)
	case unstable.InlineTable:
		table := jsvalue.NewObject()
		err = r.items(n, "{}", func(n *unstable.Node) *Error { return r.keyValue(table, n, depth) })
		v = jsvalue.ObjectValue(table)
	default:
		if int(n.Raw.Offset) != r.pos {
			return v, r.misfit()
		}
		r.pos += int(n.Raw.Length)
		if v, err = tomlScalar(n); err != nil {
			err.offset = offset
		}
	}
	return v.At(offset), err
}

// items reads the array or inline table n, which go-toml gives no position of, between two brackets.
func (r *tomlReader) items(n *unstable.Node, brackets string, item func(*unstable.Node) *Error) *Error {
	if r.text[r.pos] != brackets[0] {
		return r.misfit()
	}
	r.pos++
	for it := n.Children(); it.Next(); {
		if err := item(it.Node()); err != nil {
			return err
		}
	}
	r.skip()
	if r.text[r.pos] != brackets[1] {
		return r.misfit()
	}
	r.pos++
	return nil
}

// skip goes over all that can come between keys, values and brackets.
func (r *tomlReader) skip() {
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case ' ', '\t', '\r', '\n', ',', '=':
			r.pos++
		case '#':
			comment, _, _ := bytes.Cut(r.text[r.pos:], []byte("\n"))
			r.pos += len(comment)
		default:
			return
		}
	}
}

// origin returns where in src the character at offset in text is. Offsets that ascend from one call to the next take
// linear time altogether.
func (r *tomlReader) origin(offset int) int {
	if len(r.text) == len(r.src) {
		r.from = offset
		return offset
	}
	for r.at < offset && r.from < len(r.src) {
		c, size := jsvalue.DecodeRune(r.src[r.from:])
		r.at += utf8.RuneLen(c)
		r.from += size
	}
	return r.from
}

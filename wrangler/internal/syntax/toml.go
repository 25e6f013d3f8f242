package syntax

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// tomlReader makes values of the expressions that go-toml finds in a document. It uses the package unstable, because
// toml.Unmarshal gives neither the order of keys nor positions, and compares each key with all others. That package
// may change with any release of go-toml: whatever does not fit is the error of misfit.
type tomlReader struct {
	src    []byte
	text   []byte // src in UTF-8, and blanks for its byte order mark: go-toml takes neither other bytes nor a mark
	pos    int    // where in text the next key or value can begin
	parser unstable.Parser
	states map[*jsvalue.Object]tableState // of all tables but inline tables, to which nothing can be added
	budget budget

	// A place in text and the same place in src, where origin goes on.
	at, from int
}

// tableState says how a table came to be, and so what can be added to it.
type tableState int

const (
	byDottedKey tableState = iota + 1 // by dotted keys, and only others may add to it
	implied                           // by a longer header, and one of its own may follow
	byHeader                          // by its own header, or as the root
)

func readTOML(src []byte) (jsvalue.Value, *Error) { return newTOMLReader(src).read() }

func newTOMLReader(src []byte) *tomlReader {
	r := &tomlReader{src: src, text: src, states: map[*jsvalue.Object]tableState{}}
	if rest, marked := bytes.CutPrefix(src, []byte(utf8BOM)); marked {
		r.pos = len(utf8BOM)
		r.text = append([]byte("   "), rest...)
	}
	if !utf8.Valid(r.text) {
		r.text = []byte(jsvalue.ValidText(r.text))
	}
	r.parser.Reset(r.text)
	return r
}

// read reads the whole document.
func (r *tomlReader) read() (v jsvalue.Value, err *Error) {
	defer func() {
		if recover() != nil {
			err = r.misfit()
		}
	}()
	if bytes.Count(r.text, []byte(","))+bytes.Count(r.text, []byte(".")) > MaxValues {
		return v, &Error{cause: tooMany}
	}
	root := jsvalue.NewObject()
	v = jsvalue.ObjectValue(root).At(r.pos)
	r.states[root] = byHeader
	table, depth := root, 0
	for err == nil && r.parser.NextExpression() {
		switch n := r.parser.Expression(); n.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, depth, err = r.header(root, n)
		case unstable.KeyValue:
			err = r.keyValue(table, n, depth)
		default:
			err = r.misfit()
		}
	}
	if err == nil {
		err = r.parserError()
	}
	return v, err
}

// misfit returns the error for a parser that does not behave as this package expects.
func (r *tomlReader) misfit() *Error { return &Error{offset: r.from, cause: misfit} }

const misfit = "cannot read this TOML with the version of go-toml in this program"

const (
	invalidTOML = "invalid TOML"
	redefined   = invalidTOML + ": this name is already defined"
	noValue     = invalidTOML + ": expected a value; strings need quotes"
)

// parserError returns the parser's error without its text, which may quote the file.
func (r *tomlReader) parserError() *Error {
	var bad *unstable.ParserError
	switch err := r.parser.Error(); {
	case err == nil:
		return nil
	case errors.As(err, &bad):
		offset, cause := int(r.parser.Range(bad.Highlight).Offset), invalidTOML
		if bytes.HasSuffix(bytes.TrimRight(r.text[:offset], " \t"), []byte("=")) {
			cause = noValue
		}
		return &Error{offset: r.origin(offset), cause: cause}
	}
	return r.misfit()
}

// tomlKey is the last part of a dotted key.
type tomlKey struct {
	table  *jsvalue.Object // that the key is in
	name   string
	offset int
	depth  int // of the value of the key
}

// key goes from table, which is inside of depth others, along the dotted key of n. A table that is missing on the way
// gets the state made.
func (r *tomlReader) key(table *jsvalue.Object, depth int, n *unstable.Node, made tableState) (tomlKey, *Error) {
	for it := n.Key(); it.Next(); {
		depth++
		raw := it.Node().Raw
		key := tomlKey{table: table, name: string(it.Node().Data), offset: r.origin(int(raw.Offset)), depth: depth}
		r.pos = int(raw.Offset + raw.Length)
		if it.IsLast() {
			return key, nil
		}
		v, exists := table.Own(key.name)
		if !exists {
			if err := r.budget.spend(depth, key.offset); err != nil {
				return key, err
			}
			v = jsvalue.ObjectValue(jsvalue.NewObject()).At(key.offset)
			r.states[v.Object()] = made
			table.SetAt(key.name, v, key.offset)
		}
		table = lastTable(v)
		if state := r.states[table]; state == 0 || made == byDottedKey && state != byDottedKey {
			return key, &Error{offset: key.offset, cause: redefined}
		}
	}
	return tomlKey{}, r.misfit()
}

// lastTable returns the table that v is, or the last one of the array of tables that v is, or nil.
func lastTable(v jsvalue.Value) *jsvalue.Object {
	if items := v.Items(); len(items) > 0 {
		v = items[len(items)-1]
	}
	return v.Object()
}

// header returns the table that a header begins, and how many others it is inside of.
func (r *tomlReader) header(root *jsvalue.Object, n *unstable.Node) (table *jsvalue.Object, depth int, err *Error) {
	bracket := bytes.LastIndexByte(r.text[:n.Child().Raw.Offset], '[')
	define := r.defineTable
	if n.Kind == unstable.ArrayTable {
		bracket--
		define = r.appendTable
	}
	if bracket < 0 {
		return nil, 0, r.misfit()
	}
	offset := r.origin(bracket)
	key, err := r.key(root, 0, n, implied)
	if err == nil {
		err = r.budget.spend(key.depth, offset)
	}
	if err != nil {
		return nil, 0, err
	}
	if table, err = define(key, offset); err == nil {
		r.states[table] = byHeader
	}
	return table, key.depth, err
}

// defineTable returns the table of a header at offset. It is there already if a longer header came first.
func (r *tomlReader) defineTable(key tomlKey, offset int) (*jsvalue.Object, *Error) {
	old, exists := key.table.Own(key.name)
	table := old.Object()
	if !exists {
		table = jsvalue.NewObject()
	} else if r.states[table] != implied {
		return nil, &Error{offset: key.offset, cause: redefined}
	}
	key.table.SetAt(key.name, jsvalue.ObjectValue(table).At(offset), key.offset)
	return table, nil
}

// appendTable returns a new table in the array of a header at offset. The array keeps the offsets of its first header.
func (r *tomlReader) appendTable(key tomlKey, offset int) (*jsvalue.Object, *Error) {
	table := jsvalue.NewObject()
	item := jsvalue.ObjectValue(table).At(offset)
	old, exists := key.table.Own(key.name)
	if exists {
		if len(old.Items()) == 0 || r.states[lastTable(old)] == 0 {
			return nil, &Error{offset: key.offset, cause: redefined}
		}
		offset, _ = old.Offset()
		key.offset, _ = key.table.KeyOffset(key.name)
	}
	array := jsvalue.ArrayValue(append(old.Items(), item)).At(offset)
	key.table.SetAt(key.name, array, key.offset)
	return table, nil
}

// keyValue reads a key and its value into table, which is inside of depth others.
func (r *tomlReader) keyValue(table *jsvalue.Object, n *unstable.Node, depth int) *Error {
	key, err := r.key(table, depth, n, byDottedKey)
	if err != nil {
		return err
	}
	if _, exists := key.table.Own(key.name); exists {
		return &Error{offset: key.offset, cause: redefined}
	}
	v, err := r.value(n.Value(), key.depth)
	if err == nil {
		key.table.SetAt(key.name, v, key.offset)
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

// items reads the array or inline table n. Its brackets are looked for in the text, since go-toml does not give the
// position of an array.
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

// skip goes over what can be between keys, values and brackets.
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
	if len(r.text) == len(r.src) { // what is not UTF-8 makes it longer
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

// maxSafeInteger is the largest integer up to which a JavaScript number holds each one.
const maxSafeInteger = 1<<53 - 1

func invalidValue(text string) *Error { return &Error{cause: invalidTOML + ": " + text} }

// tomlScalar returns the value of a string, boolean, number, date or time. The error lacks its offset.
func tomlScalar(n *unstable.Node) (v jsvalue.Value, err *Error) {
	switch text := string(n.Data); n.Kind {
	case unstable.String:
		return jsvalue.StringValue(text), nil
	case unstable.Bool:
		return jsvalue.BoolValue(text == "true"), nil
	case unstable.Integer:
		i, err := strconv.ParseInt(text, 0, 64)
		if err != nil || i > maxSafeInteger || i < -maxSafeInteger {
			return v, invalidValue("an integer beyond 2^53 loses digits in JavaScript; write it as a string")
		}
		return jsvalue.NumberValue(float64(i)), nil
	case unstable.Float:
		if strings.HasSuffix(text, "nan") {
			return jsvalue.NumberValue(math.NaN()), nil
		}
		f, _ := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64) // an infinity if it is out of range
		return jsvalue.NumberValue(f), nil
	case unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		if iso, ok := isoDate(text); ok {
			return jsvalue.DateValue(iso), nil
		}
		return v, invalidValue("this date or time does not exist")
	}
	return v, &Error{cause: misfit}
}

// dateForms are the forms of dates and times, for package time, and how JSON.stringify writes them.
var dateForms = [...]struct{ toml, json string }{
	{"2006-01-02", "2006-01-02"},
	{"15:04:05", "15:04:05.000"},
	{"15:04", "15:04:05.000"},
	{"2006-01-02T15:04:05", "2006-01-02T15:04:05.000"},
	{"2006-01-02T15:04", "2006-01-02T15:04:05.000"},
	{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.000"},
	{"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.000"},
}

// isoDate returns what JSON.stringify makes of a date, a time or both, and whether text is one.
func isoDate(text string) (iso string, ok bool) {
	text = strings.Replace(strings.ToUpper(text), " ", "T", 1)
	for _, form := range dateForms {
		t, err := time.Parse(form.toml, text)
		if err != nil {
			continue
		}
		iso = t.Format(form.json)
		if strings.HasSuffix(form.toml, "Z07:00") {
			iso += text[strings.LastIndexAny(text, "Z+-"):] // as it is written, where Format makes +00:00 a Z
		}
		return iso, true
	}
	return "", false
}

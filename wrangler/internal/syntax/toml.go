package syntax

import (
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// readTOML reads the text of s as TOML. The error is a fault.
func readTOML(s *source) (jsvalue.Value, error) {
	c := tomlCheck{draft: draft{text: s.text}}
	if err := c.run(); err != nil {
		return jsvalue.Value{}, err
	}
	root := jsvalue.NewBareObject()
	offset := s.origin(0)
	r := tomlReader{source: s, arrays: c.arrays, root: root, table: root}
	if !r.read(c.bytes()) {
		return jsvalue.Value{}, &fault{code: CodeLibrary} // go-toml's text would quote the file
	}
	return jsvalue.ObjectValue(root).At(offset), nil
}

// tomlPart is a part of a dotted key.
type tomlPart struct {
	name   string
	offset int // in the original
}

// section goes to the table of a header that begins at offset. The table is there already if a longer header came
// first; then it gets the place of its own header.
func (r *tomlReader) section(key []tomlPart, offset int) {
	parent, last := descend(r.root, key)
	old, _ := parent.Own(last.name)
	r.table = old.Object()
	if r.table == nil {
		r.table = jsvalue.NewBareObject()
	}
	parent.SetAt(last.name, jsvalue.ObjectValue(r.table).At(offset), last.offset)
}

// arraySection goes to a new table in the array of a header that begins at offset.
func (r *tomlReader) arraySection(key []tomlPart, offset int) {
	parent, last := descend(r.root, key)
	r.table = jsvalue.NewBareObject()
	item := jsvalue.ObjectValue(r.table).At(offset)
	array, place := jsvalue.ArrayValue([]jsvalue.Value{item}).At(offset), last.offset
	if old, ok := parent.Own(last.name); ok {
		first, _ := old.Offset()
		array = jsvalue.ArrayValue(append(old.Items(), item)).At(first)
		place, _ = parent.KeyOffset(last.name)
	}
	parent.SetAt(last.name, array, place)
}

// descend returns the table that the last part of key is in, and that part. It makes the tables on the way.
func descend(o *jsvalue.Object, key []tomlPart) (*jsvalue.Object, tomlPart) {
	last := len(key) - 1
	for _, part := range key[:last] {
		v, ok := o.Own(part.name)
		if !ok {
			v = jsvalue.ObjectValue(jsvalue.NewBareObject()).At(part.offset)
			o.SetAt(part.name, v, part.offset)
		}
		if items := v.Items(); len(items) > 0 { // an array of tables: the last one is open
			v = items[len(items)-1]
		}
		o = v.Object()
	}
	return o, key[last]
}

// tomlScalar returns the value of a number, boolean, date or time.
func tomlScalar(literal string) jsvalue.Value {
	switch literal {
	case "true", "false":
		return jsvalue.BoolValue(literal == "true")
	}
	if iso, ok := isoDate(literal); ok {
		return jsvalue.DateValue(iso)
	}
	return tomlNumber(literal)
}

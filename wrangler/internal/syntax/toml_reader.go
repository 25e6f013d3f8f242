package syntax

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// This file is the only one that touches go-toml, and it does so through the package unstable: toml.Unmarshal tells
// neither the order of keys nor the place of anything, and it refuses dates that the reference takes. The API of
// unstable may change with any release, so that go.mod pins the version.

// tomlReader makes values of the expressions that go-toml finds in a document that has been checked.
type tomlReader struct {
	*source
	parser unstable.Parser
	arrays []int // where the arrays to come begin in the text
	root   *jsvalue.Object
	table  *jsvalue.Object // of the last header
}

// read reads the whole document, and reports whether go-toml can.
func (r *tomlReader) read(doc []byte) bool {
	r.parser.Reset(doc)
	for r.parser.NextExpression() {
		n := r.parser.Expression()
		switch n.Kind {
		case unstable.Table:
			offset := r.headerOffset(n, "[")
			r.section(r.key(n), offset)
		case unstable.ArrayTable:
			offset := r.headerOffset(n, "[[")
			r.arraySection(r.key(n), offset)
		case unstable.KeyValue:
			r.keyValue(r.table, n)
		}
	}
	return r.parser.Error() == nil
}

// headerOffset returns where a header begins, in the original: its brackets come right before its key.
func (r *tomlReader) headerOffset(n *unstable.Node, brackets string) int {
	i := int(n.Child().Raw.Offset)
	for isTOMLBlank(r.text[i-1]) {
		i--
	}
	return r.origin(i - len(brackets))
}

func (r *tomlReader) key(n *unstable.Node) []tomlPart {
	var key []tomlPart
	for it := n.Key(); it.Next(); {
		part := it.Node()
		key = append(key, tomlPart{name: string(part.Data), offset: r.origin(int(part.Raw.Offset))})
	}
	return key
}

func (r *tomlReader) keyValue(table *jsvalue.Object, n *unstable.Node) {
	parent, last := descend(table, r.key(n))
	parent.SetAt(last.name, r.value(n.Value()), last.offset)
}

func (r *tomlReader) value(n *unstable.Node) jsvalue.Value {
	switch n.Kind {
	case unstable.Array:
		return r.array(n)
	case unstable.InlineTable:
		offset := r.origin(int(n.Raw.Offset))
		t := jsvalue.NewBareObject()
		for it := n.Children(); it.Next(); {
			r.keyValue(t, it.Node())
		}
		return jsvalue.ObjectValue(t).At(offset)
	}
	start := int(n.Raw.Offset)
	offset := r.origin(start)
	if n.Kind == unstable.String {
		return jsvalue.StringValue(string(n.Data)).At(offset)
	}
	return tomlScalar(string(r.text[start : start+int(n.Raw.Length)])).At(offset)
}

func (r *tomlReader) array(n *unstable.Node) jsvalue.Value {
	offset := r.origin(r.arrays[0])
	r.arrays = r.arrays[1:]
	items := []jsvalue.Value{}
	for it := n.Children(); it.Next(); {
		items = append(items, r.value(it.Node()))
	}
	return jsvalue.ArrayValue(items).At(offset)
}

// keyReader reads quoted keys.
type keyReader struct{ parser unstable.Parser }

// read returns the name that a well-formed quoted key stands for.
func (r *keyReader) read(quoted []byte) string {
	s := string(quoted[1 : len(quoted)-1])
	if quoted[0] == '\'' || !strings.Contains(s, `\`) {
		return s
	}
	r.parser.Reset([]byte(string(quoted) + "=0"))
	if !r.parser.NextExpression() {
		return s
	}
	key := r.parser.Expression().Key()
	key.Next()
	return string(key.Node().Data)
}

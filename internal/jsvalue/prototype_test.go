package jsvalue_test

import (
	"slices"
	"testing"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// object returns {a: 1, b: 1, __proto__: {b: 2, c: 2, __proto__: {d: 3}}}.
func object() *jsvalue.Object {
	grandparent, parent, o := jsvalue.NewObject(), jsvalue.NewObject(), jsvalue.NewObject()
	grandparent.Set("d", jsvalue.NumberValue(3))
	parent.Set("b", jsvalue.NumberValue(2))
	parent.Set("c", jsvalue.NumberValue(2))
	parent.SetPrototype(jsvalue.ObjectValue(grandparent))
	o.Set("a", jsvalue.NumberValue(1))
	o.Set("b", jsvalue.NumberValue(1))
	o.SetPrototype(jsvalue.ObjectValue(parent))
	return o
}

func TestPrototypeProperty(t *testing.T) {
	if got := object().Get("__proto__").Object().Keys(); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("the prototype has %q", got)
	}
	if got := jsvalue.NewObject().Get("__proto__"); !got.Is(jsvalue.ObjectKind) || got.Object().Len() != 0 {
		t.Error("a plain object has no empty prototype")
	}
	if got := jsvalue.NewBareObject().Get("__proto__"); !got.IsUndefined() {
		t.Error("a bare object has a prototype")
	}
}

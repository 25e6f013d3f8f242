package binding_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

func set(t testing.TB, bs ...binding.Binding) binding.Set {
	t.Helper()
	s, err := binding.NewSet(bs...)
	require.NoError(t, err)
	return s
}

func TestKind(t *testing.T) {
	for _, c := range []struct {
		kind                    binding.Kind
		isVar, secret, resource bool
	}{
		{"", false, false, false},
		{"plain_text", true, false, false},
		{"json", true, false, false},
		{"secret_text", false, true, false},
		{"inherit", false, false, false},
		{"kv_namespace", false, false, true},
		{"secret_key", false, false, true},
		{"PLAIN_TEXT", false, false, true},
	} {
		assert.Equal(t, c.isVar, c.kind.IsVar(), c.kind)
		assert.Equal(t, c.secret, c.kind.IsSecret(), c.kind)
		assert.Equal(t, c.resource, c.kind.IsResource(), c.kind)
	}
}

func TestBindingAccessors(t *testing.T) {
	const none = "(none)"
	for _, c := range []struct {
		b                 binding.Binding
		name              string
		kind              binding.Kind
		value, attributes string
	}{
		{binding.Var("A", "text"), "A", binding.PlainText, "text", none},
		{binding.Var("", ""), "", binding.PlainText, "", none},
		{binding.JSONVar("A", " {\"b\" : 1.0} "), "A", binding.JSON, " {\"b\" : 1.0} ", none},
		{binding.Secret("A", "text"), "A", binding.SecretText, "text", none},
		{binding.Inherited("A"), "A", binding.Inherit, none, "{}"},
		{binding.InheritedFrom("A", `{"old_name": "B"}`), "A", binding.Inherit, none, `{"old_name": "B"}`},
		{binding.Resource("kv_namespace", "KV", `{ "namespace_id":"0123" }`), "KV", "kv_namespace", none,
			`{ "namespace_id":"0123" }`},
		{binding.Resource("browser", "B", ""), "B", "browser", none, "{}"},
		{binding.Binding{}, "", "", none, none},
	} {
		reveal := func(v binding.Value, ok bool) string {
			assert.Equal(t, ok, !v.IsZero(), "%v", c.b)
			if !ok {
				return none
			}
			return v.Reveal()
		}
		assert.Equal(t, c.name, c.b.Name(), "%v", c.b)
		assert.Equal(t, c.kind, c.b.Kind(), "%v", c.b)
		assert.Equal(t, c.value, reveal(c.b.Value()), "%v", c.b)
		assert.Equal(t, c.attributes, reveal(c.b.Attributes()), "%v", c.b)
	}
	assert.EqualValues(t, reflect.TypeFor[*int]().Size(), reflect.TypeFor[binding.Binding]().Size())
}

func TestBindingOrigin(t *testing.T) {
	for _, c := range []struct {
		b             binding.Binding
		name, version string
	}{
		{binding.Inherited("A"), "A", "latest"},
		{binding.InheritedFrom("A", `{}`), "A", "latest"},
		{binding.InheritedFrom("A", `{"old_name":"B"}`), "B", "latest"},
		{binding.InheritedFrom("A", `{"old_name":null,"version_id":"v1"}`), "A", "v1"},
		{binding.InheritedFrom("A", `{"OLD_NAME":"B","more":[]}`), "A", "latest"},
		{binding.InheritedFrom("A", `{"old_name":1}`), "", ""},
		{binding.Var("A", "text"), "", ""},
		{binding.Binding{}, "", ""},
	} {
		name, version := c.b.Origin()
		assert.Equal(t, [2]string{c.name, c.version}, [2]string{name, version}, "%v", c.b)
	}
}

func TestBindingFaults(t *testing.T) {
	for _, c := range []struct {
		b    binding.Binding
		want error
	}{
		{binding.Binding{}, binding.ErrZero},
		{binding.JSONVar("A", ""), binding.ErrJSON},
		{binding.JSONVar("A", "{"), binding.ErrJSON},
		{binding.JSONVar("A", "1 2"), binding.ErrJSON},
		{binding.JSONVar("A", "NaN"), binding.ErrJSON},
		{binding.JSONVar("A", "\x00"), binding.ErrJSON},
		{binding.JSONVar("A", strings.Repeat("[", 20000)+strings.Repeat("]", 20000)), binding.ErrJSON},
		{binding.Resource("kv_namespace", "A", "[]"), binding.ErrAttributes},
		{binding.Resource("kv_namespace", "A", "null"), binding.ErrAttributes},
		{binding.Resource("kv_namespace", "A", `{"id":1}{}`), binding.ErrAttributes},
		{binding.Resource("kv_namespace", "A", `{"name":"B"}`), binding.ErrAttributes},
		{binding.Resource("kv_namespace", "A", `{"ty\u0070e":"B"}`), binding.ErrAttributes},
		{binding.Resource("plain_text", "A", "{}"), binding.ErrKind},
		{binding.Resource("json", "A", "{}"), binding.ErrKind},
		{binding.Resource("secret_text", "A", "{}"), binding.ErrKind},
		{binding.Resource("inherit", "A", "{}"), binding.ErrKind},
		{binding.Resource("", "A", "{}"), binding.ErrKind},
		{binding.InheritedFrom("A", `{"old_name":1}`), binding.ErrAttributes},
		{binding.InheritedFrom("A", `{"version_id":{}}`), binding.ErrAttributes},
		{binding.InheritedFrom("A", `{"type":"inherit"}`), binding.ErrAttributes},
	} {
		_, err := binding.NewSet(c.b)
		assert.ErrorIs(t, err, c.want)
		_, err = binding.Set{}.With(binding.Var("Z", ""), c.b)
		assert.ErrorIs(t, err, c.want)
	}
}

func TestBindingEqual(t *testing.T) {
	all := []binding.Binding{
		{},
		binding.Var("A", "1"), binding.Var("A", "2"), binding.Var("B", "1"),
		binding.JSONVar("A", "1"), binding.JSONVar("A", " 1"), binding.Secret("A", "1"),
		binding.Inherited("A"), binding.Resource("kv_namespace", "A", "{}"), binding.Resource("d1", "A", "{}"),
		binding.Resource("d1", "A", `{"id":1}`),
	}
	again := []binding.Binding{
		{},
		binding.Var("A", "1"), binding.Var("A", "2"), binding.Var("B", "1"),
		binding.JSONVar("A", "1"), binding.JSONVar("A", " 1"), binding.Secret("A", "1"),
		binding.InheritedFrom("A", "{}"), binding.Resource("kv_namespace", "A", ""), binding.Resource("d1", "A", "{}"),
		binding.Resource("d1", "A", `{"id":1}`),
	}
	for i, b := range all {
		for j, c := range again {
			assert.Equal(t, i == j, b.Equal(c), "Equal of %v and %v", b, c)
			assert.Equal(t, i == j, reflect.DeepEqual(b, c), "DeepEqual of %v and %v", b, c)
		}
	}
}

func TestBindingPrints(t *testing.T) {
	for b, want := range map[binding.Binding]string{
		{}:                                 "(zero Binding)",
		binding.Secret("API_KEY", "k"):     "API_KEY (secret_text)",
		binding.Var("", ""):                `"" (plain_text)`,
		binding.Var("a b", ""):             `"a b" (plain_text)`,
		binding.Resource("k\nv", "\n", ""): `"\n" ("k\nv")`,
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			assert.Equal(t, want, fmt.Sprintf(verb, b), verb)
		}
	}
}

func TestBindingMarshal(t *testing.T) {
	out, err := json.Marshal([]binding.Binding{binding.Secret("API_KEY", "k"), binding.Var("V", "v"), {}})
	require.NoError(t, err)
	assert.JSONEq(t, `[{"name":"API_KEY","type":"secret_text"},{"name":"V","type":"plain_text"},{"name":"","type":""}]`,
		string(out))
	var back []binding.Binding
	assert.ErrorIs(t, json.Unmarshal(out, &back), binding.ErrRedacted)
}

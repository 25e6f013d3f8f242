package binding_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

func TestSetIsInNameOrder(t *testing.T) {
	s := set(t, binding.Var("b", ""), binding.Var("é", ""), binding.Var("B", ""), binding.Var("", ""),
		binding.Var("10", ""), binding.Var("2", ""))
	want := []string{"", "10", "2", "B", "b", "é"}
	assert.Equal(t, want, s.Names())
	assert.Equal(t, len(want), s.Len())
	var names []string
	for b := range s.All() {
		names = append(names, b.Name())
	}
	assert.Equal(t, want, names)
	for range s.All() {
		break
	}
}

func TestSetZero(t *testing.T) {
	var zero binding.Set
	assert.Equal(t, 0, zero.Len())
	assert.Empty(t, zero.Names())
	_, ok := zero.Lookup("")
	assert.False(t, ok)
	a := set(t, binding.Var("A", "1"))
	for i, empty := range []binding.Set{set(t), a.Without("A"), zero.Without("A"), zero.Merge(zero),
		a.Filter(func(binding.Binding) bool { return false })} {
		assert.True(t, empty.Equal(zero), i)
		assert.True(t, reflect.DeepEqual(empty, zero), i)
	}
	assert.True(t, zero.Merge(a).Equal(a))
	assert.True(t, a.Merge(zero).Equal(a))
	assert.Equal(t, "[]", zero.String())
}

// TestSetSharesNoMemory checks that a Set shares no memory with its arguments or its results.
func TestSetSharesNoMemory(t *testing.T) {
	args := []binding.Binding{binding.Var("B", "1"), binding.Var("A", "2")}
	s := set(t, args...)
	assert.Equal(t, "B", args[0].Name(), "NewSet sorted its arguments")
	args[0], args[1] = binding.Var("X", ""), binding.Var("Y", "")
	s.Names()[0] = "Z"
	want := set(t, binding.Var("A", "2"), binding.Var("B", "1"))
	require.True(t, s.Equal(want))

	derive(t, s, binding.Secret("A", "3"), binding.Var("C", "4"))
	assert.True(t, s.Equal(want))

	var e *binding.InheritError
	_, err := set(t, binding.Inherited("A")).Inherit(binding.Set{})
	require.ErrorAs(t, err, &e)
	e.Names()[0] = "Z"
	assert.Equal(t, []string{"A"}, e.Names())
}

// derive calls each method that makes a Set from s.
func derive(t *testing.T, s binding.Set, bs ...binding.Binding) {
	w, err := s.With(bs...)
	require.NoError(t, err)
	s.Merge(w)
	w.Merge(s)
	s.Without("A")
	s.Filter(func(b binding.Binding) bool { return b.Name() == "B" })
	_, err = s.Inherit(w)
	require.NoError(t, err)
	i, err := s.With(binding.Inherited("A"))
	require.NoError(t, err)
	_, err = i.Inherit(w)
	require.NoError(t, err)
}

func TestSetErrorListsEverything(t *testing.T) {
	s, err := binding.NewSet(
		binding.Var("A", "hunter2"), binding.Secret("A", "hunter2"), binding.Binding{}, binding.JSONVar("J", "hunter2"),
		binding.Var("OK", ""), binding.Resource("json", "R", `"hunter2"`), binding.Binding{}, binding.JSONVar("A", "hunter2"),
	)
	assert.Equal(t, binding.Set{}, s)
	var e *binding.SetError
	require.ErrorAs(t, err, &e)
	var got []string
	for _, entry := range e.Entries {
		got = append(got, fmt.Sprintf("%d %s", entry.Index, entry))
	}
	assert.Equal(t, []string{
		"1 A: name is used more than once",
		"2 binding 2: binding is the zero Binding",
		"3 J: text is not valid JSON",
		"5 R: kind is not that of a resource",
		"6 binding 6: binding is the zero Binding",
		"7 A: text is not valid JSON",
		"7 A: name is used more than once",
	}, got)
	for _, sentinel := range []error{binding.ErrZero, binding.ErrDuplicate, binding.ErrJSON, binding.ErrKind} {
		assert.ErrorIs(t, err, sentinel)
	}
	var entry *binding.EntryError
	require.ErrorAs(t, err, &entry)
	assert.Equal(t, "A", entry.Name)
}

func TestErrorTextsAreShort(t *testing.T) {
	var bs []binding.Binding
	for i := range 1000 {
		bs = append(bs, binding.JSONVar(fmt.Sprintf("%d\n%01000d", i, 0), ""))
	}
	_, err := binding.NewSet(bs...)
	assert.Less(t, len(err.Error()), 2000)
	assert.NotContains(t, err.Error(), "\n")
	assert.Contains(t, err.Error(), "and 990 more")
}

func TestSetWith(t *testing.T) {
	s := set(t, binding.Var("A", "1"), binding.Var("B", "2"))
	w, err := s.With(binding.Secret("B", "3"), binding.Var("0", "4"), binding.Var("C", "5"))
	require.NoError(t, err)
	assert.True(t, w.Equal(set(t, binding.Var("0", "4"), binding.Var("A", "1"), binding.Secret("B", "3"),
		binding.Var("C", "5"))))

	_, err = s.With(binding.Var("B", ""), binding.Var("B", ""))
	assert.ErrorIs(t, err, binding.ErrDuplicate)
	w, err = s.With()
	require.NoError(t, err)
	assert.True(t, w.Equal(s))
}

func TestSetFilterCallsKeepOnce(t *testing.T) {
	s := set(t, binding.Var("A", ""), binding.Secret("B", ""), binding.Var("C", ""), binding.Secret("D", ""))
	var names []string
	secrets := s.Filter(func(b binding.Binding) bool {
		names = append(names, b.Name())
		return b.Kind().IsSecret()
	})
	assert.Equal(t, s.Names(), names)
	assert.Equal(t, []string{"B", "D"}, secrets.Names())
}

func TestSetInherit(t *testing.T) {
	kv := binding.Resource("kv_namespace", "KV", `{"id":1}`)
	base := set(t, binding.Secret("KEY", "k"), binding.Var("OLD", "o"), kv, binding.Inherited("OPEN"))
	s := set(t, binding.Inherited("KEY"), binding.InheritedFrom("NEW", `{"old_name":"OLD","version_id":"latest"}`),
		binding.Inherited("KV"), binding.Var("OWN", "x"))
	got, err := s.Inherit(base)
	require.NoError(t, err)
	want := set(t, binding.Secret("KEY", "k"), binding.Var("NEW", "o"), kv, binding.Var("OWN", "x"))
	assert.True(t, got.Equal(want), "%v", got)

	s = set(t, binding.Inherited("OPEN"), binding.Inherited("ABSENT"), binding.InheritedFrom("A", `{"old_name":"GONE"}`),
		binding.InheritedFrom("KEY", `{"version_id":"v1"}`), binding.Inherited("KV"))
	got, err = s.Inherit(base)
	assert.Equal(t, binding.Set{}, got)
	var e *binding.InheritError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{"A", "ABSENT", "KEY", "OPEN"}, e.Names())
	assert.EqualError(t, err, "A: nothing to inherit from GONE; ABSENT: nothing to inherit; "+
		"KEY: nothing to inherit; OPEN: nothing to inherit")
}

func TestSetInheritFunc(t *testing.T) {
	s := set(t, binding.InheritedFrom("A", `{"version_id":"v1"}`), binding.Inherited("B"), binding.Var("C", ""))
	got, err := s.InheritFunc(func(name, version string) (binding.Binding, bool) {
		return binding.Var("any", name+"@"+version), true
	})
	require.NoError(t, err)
	assert.True(t, got.Equal(set(t, binding.Var("A", "A@v1"), binding.Var("B", "B@latest"), binding.Var("C", ""))))

	for _, bad := range []binding.Binding{{}, binding.JSONVar("A", "{"), binding.Inherited("A")} {
		_, err = s.InheritFunc(func(string, string) (binding.Binding, bool) { return bad, true })
		assert.Error(t, err)
	}
	_, err = set(t, binding.Var("C", "")).InheritFunc(nil)
	assert.NoError(t, err, "find was called with nothing to find")
}

func TestSetMarshal(t *testing.T) {
	s := set(t, binding.Var("V", "v"), binding.Secret("K", "k"))
	out, err := json.Marshal(struct{ S, Z binding.Set }{S: s})
	require.NoError(t, err)
	assert.Equal(t, `{"S":[{"name":"K","type":"secret_text"},{"name":"V","type":"plain_text"}],"Z":[]}`, string(out))
	assert.ErrorIs(t, json.Unmarshal([]byte(`[]`), &s), binding.ErrRedacted)
	assert.Equal(t, 2, s.Len())
	assert.Equal(t, "[K (secret_text), V (plain_text)]", fmt.Sprintf("%d", s))
}

// TestSetAgreesWithMaps compares operations on random Sets with the same operations on maps.
func TestSetAgreesWithMaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		a, b := randomMap(r), randomMap(r)
		s, o := setOfMap(t, a), setOfMap(t, b)

		merged := maps.Clone(a)
		maps.Copy(merged, b)
		requireMap(t, merged, s.Merge(o))
		w, err := s.With(slices.Collect(o.All())...)
		require.NoError(t, err)
		requireMap(t, merged, w)

		less := maps.Clone(a)
		maps.DeleteFunc(less, func(name string, _ binding.Binding) bool { _, ok := b[name]; return ok })
		requireMap(t, less, s.Without(o.Names()...))

		require.Equal(t, maps.EqualFunc(a, b, binding.Binding.Equal), s.Equal(o))
		require.Equal(t, s.Equal(o), reflect.DeepEqual(s, o))
		require.Equal(t, s.Equal(o), len(s.Diff(o)) == 0)
		requireMap(t, b, applied(t, s, o))
		requireMap(t, a, s)
		requireMap(t, b, o)
	}
}

// applied applies the Diff of s and o to s.
func applied(t *testing.T, s, o binding.Set) binding.Set {
	for _, c := range s.Diff(o) {
		if c.Removed() {
			s = s.Without(c.Name)
			continue
		}
		b, ok := o.Lookup(c.Name)
		require.True(t, ok)
		var err error
		s, err = s.With(b)
		require.NoError(t, err)
	}
	return s
}

func randomMap(r *rand.Rand) map[string]binding.Binding {
	m := make(map[string]binding.Binding)
	for range r.IntN(8) {
		name, text := fmt.Sprint(r.IntN(10)), fmt.Sprint(r.IntN(3))
		m[name] = []binding.Binding{
			binding.Var(name, text), binding.JSONVar(name, text), binding.Secret(name, text),
			binding.Resource("d1", name, `{"id":`+text+`}`),
		}[r.IntN(4)]
	}
	return m
}

func setOfMap(t *testing.T, m map[string]binding.Binding) binding.Set {
	return set(t, slices.Collect(maps.Values(m))...)
}

func requireMap(t *testing.T, want map[string]binding.Binding, got binding.Set) {
	t.Helper()
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(slices.Values(got.Names())))
	require.True(t, slices.IsSorted(got.Names()))
	for name, b := range want {
		found, ok := got.Lookup(name)
		require.True(t, ok)
		require.True(t, b.Equal(found), "%v and %v", b, found)
	}
	_, ok := got.Lookup("absent")
	require.False(t, ok)
}

func TestMustSet(t *testing.T) {
	assert.True(t, binding.MustSet(binding.Var("A", "1")).Equal(set(t, binding.Var("A", "1"))))
	assert.PanicsWithValue(t, "binding.MustSet: A: text is not valid JSON",
		func() { binding.MustSet(binding.JSONVar("A", "hunter2")) })
}

package binding_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

func TestDiff(t *testing.T) {
	kv := func(id string) binding.Binding { return binding.Resource("kv_namespace", "N", `{"id":`+id+`}`) }
	for _, c := range []struct {
		name          string
		before, after binding.Binding
		want          string
		value         bool
	}{
		{"added", binding.Binding{}, binding.Secret("N", "1"), "+ N (secret_text)", false},
		{"removed", binding.JSONVar("N", "1"), binding.Binding{}, "- N (json)", false},
		{"same", binding.Var("N", "1"), binding.Var("N", "1"), "", false},
		{"same JSON", binding.JSONVar("N", "1"), binding.JSONVar("N", "1"), "", false},
		{"same resource", kv("1"), kv("1"), "", false},
		{"other text", binding.Var("N", "1"), binding.Var("N", "2"), "~ N (plain_text)", true},
		{"other secret", binding.Secret("N", "1"), binding.Secret("N", ""), "~ N (secret_text)", true},
		{"other JSON bytes", binding.JSONVar("N", "1"), binding.JSONVar("N", "1 "), "~ N (json)", true},
		{"other attributes", kv("1"), kv("2"), "~ N (kv_namespace)", true},
		{"var made secret", binding.Var("N", "1"), binding.Secret("N", "1"),
			"~ N (plain_text to secret_text, same value)", false},
		{"secret made var", binding.Secret("N", "1"), binding.Var("N", "2"), "~ N (secret_text to plain_text)", true},
		{"text made JSON", binding.Var("N", "1"), binding.JSONVar("N", "1"), "~ N (plain_text to json)", true},
		{"var made resource", binding.Var("N", `{"id":1}`), kv("1"), "~ N (plain_text to kv_namespace)", true},
		{"other resource", kv("1"), binding.Resource("d1", "N", `{"id":1}`), "~ N (kv_namespace to d1)", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := only(t, c.before).Diff(only(t, c.after))
			assert.Equal(t, c.want, d.String())
			if c.want == "" {
				assert.Empty(t, d)
				return
			}
			require.Len(t, d, 1)
			want := binding.Change{Name: "N", Before: c.before.Kind(), After: c.after.Kind(), ValueChanged: c.value}
			assert.Equal(t, want, d[0])
			assert.Equal(t, c.before.Kind() == "", d[0].Added())
			assert.Equal(t, c.after.Kind() == "", d[0].Removed())
			both := !d[0].Added() && !d[0].Removed()
			assert.Equal(t, both && c.before.Kind() != c.after.Kind(), d[0].KindChanged())
		})
	}
}

func only(t *testing.T, b binding.Binding) binding.Set {
	if b.Equal(binding.Binding{}) {
		return binding.Set{}
	}
	return set(t, b)
}

func TestDiffIsInNameOrder(t *testing.T) {
	s := set(t, binding.Var("C", "1"), binding.Var("A", "1"), binding.Var("E", "1"))
	o := set(t, binding.Var("D", "1"), binding.Var("B", "1"), binding.Secret("E", "2"), binding.Var("A", "2"))
	assert.Equal(t, "~ A (plain_text)\n+ B (plain_text)\n- C (plain_text)\n+ D (plain_text)\n"+
		"~ E (plain_text to secret_text)", s.Diff(o).String())
}

func TestDiffMarshal(t *testing.T) {
	s, o := set(t, binding.Var("A", "1"), binding.Var("B", "1")), set(t, binding.Secret("A", "2"), binding.Var("C", ""))
	out, err := json.Marshal(s.Diff(o))
	require.NoError(t, err)
	assert.Equal(t, `[{"name":"A","before":"plain_text","after":"secret_text","value_changed":true},`+
		`{"name":"B","before":"plain_text"},{"name":"C","after":"plain_text"}]`, string(out))
	var back binding.Diff
	require.NoError(t, json.Unmarshal(out, &back))
	assert.Equal(t, s.Diff(o), back)
}

package leaks_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"github.com/workerenv/workerenv/binding"
)

// TestComparisonsNameTheDifference compares two Envs that differ in the value of one name.
func TestComparisonsNameTheDifference(t *testing.T) {
	a := must(binding.NewEnv(binding.Secret("API_KEY", canary), binding.Var("HOST", "same")))
	b := must(binding.NewEnv(binding.Secret("API_KEY", canary+"2"), binding.Var("HOST", "same")))
	fingerprint := func(v binding.Value, _ bool) string { return strings.TrimPrefix(v.Fingerprint(), "value") }
	for name, diff := range map[string]string{
		"go-cmp":            cmp.Diff(a, b),
		"go-cmp in a field": cmp.Diff(struct{ E binding.Env }{a}, struct{ E binding.Env }{b}),
		"testify":           failed(func(t *transcript) { assert.Equal(t, a, b) }),
	} {
		assert.Contains(t, diff, "API_KEY:"+fingerprint(a.Lookup("API_KEY")), name)
		assert.Contains(t, diff, "API_KEY:"+fingerprint(b.Lookup("API_KEY")), name)
		assert.Empty(t, leak(diff), name)
		t.Logf("%s:\n%s", name, diff)
	}
	assert.Empty(t, cmp.Diff(a, must(a.With(binding.Var("API_KEY", canary)))))
}

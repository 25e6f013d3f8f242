package binding_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

// vars returns n vars and secrets, and a few bindings that do not count.
func vars(t *testing.T, n int) binding.Set {
	large := fmt.Sprintf(`{"id":%q}`, strings.Repeat("x", 6000))
	bs := []binding.Binding{binding.Inherited("I"), binding.Resource("kv_namespace", "KV", large)}
	for i := range n {
		name := fmt.Sprintf("V%03d", i)
		bs = append(bs, []binding.Binding{binding.Var(name, ""), binding.Secret(name, "s"), binding.JSONVar(name, "1")}[i%3])
	}
	return set(t, bs...)
}

func TestLimitsBindings(t *testing.T) {
	for _, c := range []struct {
		limits binding.Limits
		most   int
	}{{binding.FreePlan(), 64}, {binding.PaidPlan(), 128}} {
		assert.NoError(t, c.limits.Check(vars(t, c.most)))
		var e *binding.LimitError
		require.ErrorAs(t, c.limits.Check(vars(t, c.most+1)), &e)
		assert.Equal(t, &binding.LimitError{Limits: c.limits, Bindings: c.most + 1}, e)
		assert.EqualError(t, e, fmt.Sprintf("%d vars and secrets are more than %d", c.most+1, c.most))
	}
	assert.NoError(t, binding.Limits{}.Check(vars(t, 1000)))
	assert.NoError(t, binding.PaidPlan().Check(binding.Set{}))
}

func TestLimitsValueBytes(t *testing.T) {
	most := strings.Repeat("x", 5120)
	accented := strings.Repeat("é", 2561)
	s := set(t, binding.Var("A", most), binding.Var("B", most+"x"), binding.Secret("C", most+"x"),
		binding.Secret("D", accented),
		binding.JSONVar("E", `"`+most[2:]+`"`), binding.JSONVar("F", `"`+most[1:]+`"`))
	var e *binding.LimitError
	require.ErrorAs(t, binding.FreePlan().Check(s), &e)
	assert.Equal(t, []string{"B", "C", "D", "F"}, e.TooLarge)
	assert.Zero(t, e.Bindings)
	assert.Regexp(t, "^B: value is larger than 5120 bytes; C: .*; D: .*; F: value is larger than 5120 bytes$", e.Error())

	require.ErrorAs(t, binding.Limits{Bindings: 5, ValueBytes: 5120}.Check(s), &e)
	assert.EqualError(t, e, "6 vars and secrets are more than 5; B: value is larger than 5120 bytes; "+
		"C: value is larger than 5120 bytes; D: value is larger than 5120 bytes; F: value is larger than 5120 bytes")
}

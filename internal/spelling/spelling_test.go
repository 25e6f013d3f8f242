package spelling_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/spelling"
)

func TestNear(t *testing.T) {
	long := strings.Repeat("a", 40)
	for _, test := range []struct {
		name, want string
		near       bool
	}{
		{"VARS", "vars", false}, // the case counts
		{"var", "vars", true},
		{"varss", "vars", true},
		{"vors", "vars", true},
		{"vras", "vars", true},
		{"vrsa", "vars", false}, // two changes of four letters
		{"A", "B", false},
		{"AB", "BA", false},
		{"", "", true},
		{"API_KYE", "API_KEY", true},
		{"PAI_KYE", "API_KEY", false},
		{"DATABSAE_RUL", "DATABASE_URL", true},
		{"ADTABSAE_RUL", "DATABASE_URL", false},
		{"kv_namespace", "kv_namespaces", true},
		{long[1:], long, true},
		{long, long + "a", false},
	} {
		require.Equal(t, test.near, spelling.Near(test.name, test.want), "%s, %s", test.name, test.want)
	}
}

package workerenv_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme runs the README's program and compares with the output that stands below it.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := strings.Split(string(readme), "```")
	require.GreaterOrEqual(t, len(blocks), 5)
	program, isGo := strings.CutPrefix(blocks[1], "go\n")
	require.True(t, isGo)
	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	out, err := exec.Command("go", "run", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, strings.TrimPrefix(blocks[3], "\n"), string(out))
}

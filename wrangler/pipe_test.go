//go:build unix

package wrangler_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

// TestPipeWithLateWriter reads secrets from somebody who opens the pipe late, and takes longer to write than anybody may take to
// open it.
func TestPipeWithLateWriter(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, ".dev.vars")
	if syscall.Mkfifo(file, 0o600) != nil {
		t.Skip("named pipes cannot be made here")
	}
	go func() {
		time.Sleep(50 * time.Millisecond)
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err != nil {
			return // the test fails for want of secrets
		}
		defer f.Close()
		f.WriteString("A=first\n")
		time.Sleep(700 * time.Millisecond)
		f.WriteString("B=second\n")
	}()
	r, err := resolve(wrangler.Options{Dir: dir}, wrangler.DevOptions{})
	require.NoError(t, err)
	env, err := r.Env()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"A": "first", "B": "second"}, env.Map())
}

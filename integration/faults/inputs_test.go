//go:build linux

package faults_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endless are files that never end or never answer.
var endless = map[string]func(t *testing.T, file string){
	"pipe without a writer": func(t *testing.T, file string) { require.NoError(t, syscall.Mkfifo(file, 0o600)) },
	"pipe with a silent writer": func(t *testing.T, file string) {
		require.NoError(t, syscall.Mkfifo(file, 0o600))
		writer, err := os.OpenFile(file, os.O_RDWR, 0)
		require.NoError(t, err)
		t.Cleanup(func() { writer.Close() })
	},
	"zeros":    linkTo("/dev/zero"),
	"terminal": linkTo("/dev/ptmx"),
	"kernel":   linkTo("/proc/kmsg"),
}

func linkTo(target string) func(*testing.T, string) {
	return func(t *testing.T, file string) { require.NoError(t, os.Symlink(target, file)) }
}

// opened are the calls of the command with a file that they open, which the call names if it
// contains FILE.
var opened = []struct{ file, call string }{
	{"wrangler.json", "check"},
	{"wrangler.jsonc", "env"},
	{"wrangler.toml", "deploy-bindings"},
	{".wrangler/deploy/config.json", "env"},
	{".dev.vars", "check"},
	{".dev.vars", "run true"},
	{".dev.vars", "unset A"},
	{".dev.vars.staging", "env --env staging"},
	{".dev.vars.example", "check"},
	{".env", "check"},
	{".env.local", "env"},
	{".env.staging", "explain --env staging A"},
	{".env.staging.local", "env --env staging"},
	{"src/.dev.vars", "check"},
	{".gitignore", "check"},
	{"file", "env --config FILE"},
	{"file", "env --env-file FILE"},
	{"file", "env --pages --env-file FILE"},
	{"file", "deploy-bindings --secrets-file FILE"},
	{"file", "check --remote-secrets FILE"},
	{"file", "serve --tls-cert FILE --tls-key key.pem"},
	{"file", "serve --tls-cert cert.pem --tls-key FILE"},
	{"database", "serve --data FILE"},
	{"file", "serve --data d.db --keyset FILE"},
	{"file", "keys rotate --keyset FILE"},
}

// TestEndlessFiles has a file that does not end or does not answer in the place of each file that
// the command opens. All calls run at once, since most of them only wait.
func TestEndlessFiles(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for kind, make := range endless {
		for _, test := range opened {
			if kind == "kernel" && test.file == "database" {
				continue // it looks like a regular file, and SQLite waits for it
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "src", "index.js"), "")
			write(t, filepath.Join(dir, "cert.pem"), "c4n4ry")
			if test.file != "wrangler.json" {
				write(t, filepath.Join(dir, "wrangler.json"), `{"name": "shop", "main": "src/index.js"}`)
			}
			if test.file == "wrangler.jsonc" || test.file == "wrangler.toml" {
				require.NoError(t, os.Remove(filepath.Join(dir, "wrangler.json")))
			}
			file := filepath.Join(dir, test.file)
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
			make(t, file)
			cmd := command(t, dir, strings.Fields(strings.ReplaceAll(test.call, "FILE", test.file))...)
			wg.Go(func() {
				got, err := finish(cmd)
				label := kind + " as " + test.file + " in " + test.call
				assert.NoError(t, err, label)
				assert.Contains(t, []int{0, 1}, got.status, "%s: %s%s", label, got.stdout, got.stderr)
				assert.NotContains(t, got.stdout+got.stderr, "c4n4ry")
			})
		}
	}
	wg.Wait()
}

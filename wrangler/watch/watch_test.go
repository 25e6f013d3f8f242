package watch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
	"github.com/workerenv/workerenv/wrangler/watch"
)

// project writes files into a new directory.
func project(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, name, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

// news is what Dev yields, as text: the value of A, or "error".
func news(ctx context.Context, o wrangler.Options) <-chan string {
	results := make(chan string)
	go func() {
		defer close(results)
		for r, err := range watch.Dev(ctx, o, wrangler.DevOptions{}) {
			text := "error"
			if err == nil {
				env, _ := r.Env()
				text = fmt.Sprintf("%q", env.Map()["A"])
			}
			select {
			case results <- text:
			case <-ctx.Done():
				return
			}
		}
	}()
	return results
}

// next returns the next news, "nothing" if there is none for a while.
func next(results <-chan string) string { return within(results, 10*time.Second) }

func within(results <-chan string, wait time.Duration) string {
	select {
	case text, ok := <-results:
		if !ok {
			return "end"
		}
		return text
	case <-time.After(wait):
		return "nothing"
	}
}

// TestDev changes a project in the ways in which editors and tools write files.
func TestDev(t *testing.T) {
	rename := func(t *testing.T, from, to string) { require.NoError(t, os.Rename(from, to)) }
	remove := func(t *testing.T, name string) { require.NoError(t, os.Remove(name)) }
	for _, test := range []struct {
		name   string
		change func(t *testing.T, dir string)
		want   string
	}{
		{"written in place", func(t *testing.T, dir string) { write(t, dir+"/.dev.vars", "A=2") }, `"2"`},
		{"same values", func(t *testing.T, dir string) { write(t, dir+"/.dev.vars", "# comment\nA='1'") }, "nothing"},
		{"another file", func(t *testing.T, dir string) { write(t, dir+"/index.js", "") }, "nothing"},
		{"renamed over, as vim and git do", func(t *testing.T, dir string) {
			write(t, dir+"/.dev.vars.swp", "A=2")
			rename(t, dir+"/.dev.vars.swp", dir+"/.dev.vars")
		}, `"2"`},
		{"backup first, as vim with backupcopy=no does", func(t *testing.T, dir string) {
			rename(t, dir+"/.dev.vars", dir+"/.dev.vars~")
			time.Sleep(30 * time.Millisecond)
			write(t, dir+"/.dev.vars", "A=2")
		}, `"2"`},
		{"truncated, then written", func(t *testing.T, dir string) {
			write(t, dir+"/.dev.vars", "")
			time.Sleep(30 * time.Millisecond)
			write(t, dir+"/.dev.vars", "A=2")
		}, `"2"`},
		{"removed", func(t *testing.T, dir string) { remove(t, dir+"/.dev.vars") }, `"0"`},
		{"a file that comes first", func(t *testing.T, dir string) { write(t, dir+"/.dev.vars.staging", "A=3") }, `"3"`},
		{"a configuration that comes first", func(t *testing.T, dir string) {
			remove(t, dir+"/.dev.vars")
			write(t, dir+"/wrangler.json", `{"env": {"staging": {"vars": {"A": "json"}}}}`)
		}, `"json"`},
		{"a directory that did not exist", func(t *testing.T, dir string) {
			remove(t, dir+"/.dev.vars")
			write(t, dir+"/dist/wrangler.json", `{"targetEnvironment": "staging", "vars": {"A": "built"}}`)
			write(t, dir+"/.wrangler/deploy/config.json", `{"configPath": "../../dist/wrangler.json"}`)
		}, `"built"`},
		{"broken", func(t *testing.T, dir string) { write(t, dir+"/wrangler.toml", "vars = 1") }, "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := project(t, map[string]string{"wrangler.toml": "[env.staging.vars]\nA = '0'", ".dev.vars": "A=1"})
			results := news(t.Context(), wrangler.Options{Dir: dir, Environment: new("staging")})
			require.Equal(t, `"1"`, next(results))
			test.change(t, dir)
			if test.want != "nothing" {
				require.Equal(t, test.want, next(results))
			}
			require.Equal(t, "nothing", within(results, time.Second), "one change, one result")
		})
	}
}

// TestDevManyWrites writes a file again and again. There are fewer results than writes: one, unless the machine is busy.
func TestDevManyWrites(t *testing.T) {
	dir := project(t, map[string]string{".dev.vars": "A=start", "wrangler.toml": ""})
	results := news(t.Context(), wrangler.Options{Dir: dir})
	require.Equal(t, `"start"`, next(results))
	const writes = 20
	for i := range writes {
		write(t, dir+"/.dev.vars", fmt.Sprint("A=", i))
		time.Sleep(5 * time.Millisecond)
	}
	n := 1
	for got := next(results); got != `"19"`; got = next(results) {
		require.NotContains(t, []string{"nothing", "error"}, got)
		n++
	}
	require.Less(t, n, writes)
}

// TestDevAfterError mends a project that was broken from the start.
func TestDevAfterError(t *testing.T) {
	dir := project(t, map[string]string{"wrangler.toml": "vars = 1", ".dev.vars": "A=1"})
	results := news(t.Context(), wrangler.Options{Dir: dir})
	require.Equal(t, "error", next(results))
	write(t, filepath.Join(dir, "wrangler.toml"), "[vars]")
	require.Equal(t, `"1"`, next(results))
	write(t, filepath.Join(dir, "wrangler.toml"), "vars = 1")
	require.Equal(t, "error", next(results))
	write(t, filepath.Join(dir, "wrangler.toml"), "[vars]")
	require.Equal(t, `"1"`, next(results), "also if the bindings are those before the error")
}

// TestDevFollowsLinks changes a file through its real name, and the link.
func TestDevFollowsLinks(t *testing.T) {
	shared := project(t, map[string]string{"one": "A=1", "two": "A=2"})
	dir := project(t, map[string]string{"wrangler.toml": ""})
	link := filepath.Join(dir, ".dev.vars")
	require.NoError(t, os.Symlink(filepath.Join(shared, "one"), link))
	results := news(t.Context(), wrangler.Options{Dir: dir})
	require.Equal(t, `"1"`, next(results))
	write(t, filepath.Join(shared, "one"), "A=changed")
	require.Equal(t, `"changed"`, next(results))
	require.NoError(t, os.Symlink(filepath.Join(shared, "two"), link+".new"))
	require.NoError(t, os.Rename(link+".new", link))
	require.Equal(t, `"2"`, next(results))
}

func TestDevEnds(t *testing.T) {
	dir := project(t, map[string]string{"wrangler.toml": ""})
	ctx, cancel := context.WithCancel(t.Context())
	results := news(ctx, wrangler.Options{Dir: dir})
	require.Equal(t, `""`, next(results))
	cancel()
	require.Equal(t, "end", next(results))

	for _, err := range watch.Dev(t.Context(), wrangler.Options{Dir: dir}, wrangler.DevOptions{}) {
		require.NoError(t, err)
		break // must return
	}
	for r, err := range watch.Dev(t.Context(), wrangler.Options{FS: fstest.MapFS{}}, wrangler.DevOptions{}) {
		require.Nil(t, r)
		require.ErrorIs(t, err, watch.ErrFS)
	}
}

package peers_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/joho/godotenv"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/wrangler"
)

// BenchmarkParse parses the same document in these ways:
//
//   - with devvars.Parse alone, which finds all assignments,
//   - with Parse and All, which also yields each key once with its value, as the other parsers do,
//   - with the other parsers,
//   - with npm's dotenv in a node process, if WORKERENV_ORACLE is set.
func BenchmarkParse(b *testing.B) {
	for _, d := range []struct {
		name string
		doc  []byte
	}{
		{"bulk/1KB", sample.Bulk(1 << 10)}, {"bulk/64KB", sample.Bulk(64 << 10)}, {"bulk/1MB", sample.Bulk(1 << 20)},
		{"rich/64KB", sample.Rich(64 << 10)},
	} {
		b.Run(d.name+"/Parse", func(b *testing.B) {
			measure(b, d.doc, func() { devvars.Parse(d.doc) })
		})
		b.Run(d.name+"/Parse+All", func(b *testing.B) {
			measure(b, d.doc, func() { readAll(d.doc) })
		})
		for _, p := range others {
			if strings.HasPrefix(d.name, "rich") && !p.readsRich() {
				continue
			}
			b.Run(d.name+"/"+p.name, func(b *testing.B) {
				measure(b, d.doc, func() { _, _ = p.parse(d.doc) })
			})
		}
		b.Run(d.name+"/dotenv in node", func(b *testing.B) { measureDotenv(b, d.doc) })
	}
}

func measure(b *testing.B, doc []byte, f func()) {
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		f()
	}
}

// measureDotenv reports the time that a node process takes to parse doc after V8 has compiled dotenv.
func measureDotenv(b *testing.B, doc []byte) {
	node, _ := live.Wrangler(b)
	file := filepath.Join(b.TempDir(), "document")
	require.NoError(b, os.WriteFile(file, doc, 0o600))
	cmd := exec.CommandContext(b.Context(), node, "node.cjs", filepath.Join(absolute(b, live.Modules(b)), "dotenv"))
	cmd.Env, cmd.Stderr = live.Environ(b), os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(b, err)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	answers := bufio.NewReader(out)
	parse := func(count int) time.Duration {
		question, err := json.Marshal(map[string]any{"file": file, "count": count})
		require.NoError(b, err)
		_, err = fmt.Fprintf(in, "%s\n", question)
		require.NoError(b, err)
		line, err := answers.ReadString('\n')
		require.NoError(b, err)
		took, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		require.NoError(b, err)
		return time.Duration(took)
	}
	parse(1 + 4<<20/len(doc)) // let V8 compile
	b.SetBytes(int64(len(doc)))
	b.ResetTimer()
	took := parse(b.N)
	b.StopTimer()
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N), "ns/op")
	require.NoError(b, in.Close())
	_, _ = io.Copy(io.Discard, answers)
	require.NoError(b, cmd.Wait())
}

// BenchmarkResolve resolves the example project for wrangler dev: with Load and Dev in this
// process, with the command workerenv, and with a node program that uses wrangler, if
// WORKERENV_ORACLE is set. Each iteration of the last two starts a new process.
func BenchmarkResolve(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, os.CopyFS(dir, os.DirFS("../../examples/shop")))
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			config, err := wrangler.Load(wrangler.Options{Dir: dir})
			require.NoError(b, err)
			_, err = config.Dev(wrangler.DevOptions{})
			require.NoError(b, err)
		}
	})
	b.Run("workerenv process", func(b *testing.B) {
		program := filepath.Join(b.TempDir(), "workerenv")
		build := exec.Command("go", "build", "-o", program, "./cmd/workerenv")
		build.Dir, build.Env = "../..", append(os.Environ(), "CGO_ENABLED=0")
		out, err := build.CombinedOutput()
		require.NoError(b, err, "%s", out)
		runEach(b, dir, program, "env", "--json", "--reveal")
	})
	b.Run("wrangler process", func(b *testing.B) {
		node, _ := live.Wrangler(b)
		runEach(b, dir, node, absolute(b, "resolve.cjs"), filepath.Join(absolute(b, live.Modules(b)), "wrangler"))
	})
}

// BenchmarkDevEnv reads one file into a map: with DevEnv, which also looks for everything else that
// wrangler dev would read; with package devvars; and with godotenv. The file is a .dev.vars, since
// wrangler expands a .env file also where godotenv does not.
func BenchmarkDevEnv(b *testing.B) {
	b.Chdir(b.TempDir())
	for _, size := range []int{1 << 10, 64 << 10} {
		require.NoError(b, os.WriteFile(".dev.vars", sample.Bulk(size), 0o600))
		want, err := godotenv.Read(".dev.vars")
		require.NoError(b, err)
		for _, reader := range []struct {
			name string
			read func() (map[string]string, error)
		}{
			{"DevEnv+Map", func() (map[string]string, error) {
				env, err := wrangler.DevEnv(wrangler.Options{})
				return env.Map(), err
			}},
			{"devvars", func() (map[string]string, error) {
				file, err := devvars.ReadFile(".dev.vars")
				return maps.Collect(file.All()), err
			}},
			{"godotenv.Read", func() (map[string]string, error) { return godotenv.Read(".dev.vars") }},
		} {
			b.Run(fmt.Sprintf("%dKB/%s", size>>10, reader.name), func(b *testing.B) {
				b.ReportAllocs()
				var got map[string]string
				for b.Loop() {
					got, err = reader.read()
				}
				require.NoError(b, err)
				require.True(b, maps.Equal(want, got))
			})
		}
	}
}

// runEach measures a command from its start to its end.
func runEach(b *testing.B, dir, program string, args ...string) {
	environ := live.Environ(b)
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, args...)
		cmd.Dir, cmd.Env, cmd.Stderr = dir, environ, os.Stderr
		out, err := cmd.Output()
		require.NoError(b, err)
		require.Contains(b, string(out), "API_TOKEN")
	}
}

func absolute(tb testing.TB, path string) string {
	tb.Helper()
	path, err := filepath.Abs(path)
	require.NoError(tb, err)
	return path
}

// BenchmarkGrowth runs each operation of growths on its typical document, in three sizes.
func BenchmarkGrowth(b *testing.B) {
	for _, g := range growths {
		for _, mb := range []int{1, 4, 16} {
			typical := g.shapes[0]
			b.Run(fmt.Sprintf("%s/%dMB", g.name, mb), func(b *testing.B) {
				doc := typical.Make(mb << 20)
				measure(b, doc, func() { g.run(typical.Name, doc) })
			})
		}
	}
}

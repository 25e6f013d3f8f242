//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
)

// hang is the time after which a call counts as hanging: thirty times the allowed time on an idle machine.
const hang = 30 * time.Second

// brokenSeed returns the seed of the projects. It is 1 unless WORKERENV_SEED is set, so that all runs test the same.
func brokenSeed(t *testing.T) uint64 { return uint64(live.Count(t, "WORKERENV_SEED", 1)) }

// watched is a writer that searches its input for secrets and keeps the start of it.
type watched struct {
	start  []byte
	tail   []byte
	bytes  int
	leaked bool // whether canary was in it
	vars   bool // whether varCanary was in it
}

const mostKept = 1 << 20

func (w *watched) Write(p []byte) (int, error) {
	w.bytes += len(p)
	w.start = append(w.start, p[:min(len(p), mostKept-len(w.start))]...)
	text := append(w.tail, p...)
	w.leaked = w.leaked || bytes.Contains(text, []byte(canary))
	w.vars = w.vars || bytes.Contains(text, []byte(varCanary))
	w.tail = bytes.Clone(text[max(0, len(text)-len(canary)):])
	return len(p), nil
}

// keyOfFinding matches the key of a message, which follows the position "file:line:column: ".
var keyOfFinding = regexp.MustCompile(`(?m)^([^ ]+ [^ ]+:\d+:\d+: )[^ ]*?: |"key": *"[^"]*"`)

// message reports whether varCanary is in a message, except as the key of the message: in a text whose start is
// missing, `["v4rval"]` can be the rest of a list and is the header of a table.
func (w *watched) message() bool {
	return w.bytes > mostKept || bytes.Contains(keyOfFinding.ReplaceAll(w.start, []byte("$1")), []byte(varCanary))
}

// answer is the result of a call.
type answer struct {
	args           []string
	status         int
	panicked       any
	stdout, stderr watched
	took           time.Duration
}

// calls returns a call of each command, with --json, --reveal and --explain or without.
func (b *breaker) calls(p *brokenProject) [][]string {
	var list [][]string
	maybe := func(flags ...string) (some []string) {
		return slices.DeleteFunc(flags, func(string) bool { return b.r.IntN(2) == 0 })
	}
	show := []string{"--json", "--reveal", "--explain"}
	list = append(list, slices.Concat([]string{"env"}, maybe(show...), p.args),
		slices.Concat([]string{"check"}, maybe("--json"), p.args))
	deploy := slices.Concat([]string{"deploy-bindings"},
		maybe(append(show, "--strict", "--new-worker", "--keep-vars")...))
	if p.Args.SecretsFile != "" {
		deploy = append(deploy, "--secrets-file", p.Args.SecretsFile)
	}
	return append(list, append(deploy, p.args...), slices.Concat([]string{"run"}, p.args, []string{"--", "true"}))
}

// ask calls the command in this process, and returns after a time limit.
func ask(t *testing.T, dir string, environ, args []string) *answer {
	t.Helper()
	a, done := &answer{args: args}, make(chan struct{})
	go func() {
		defer close(done)
		defer func() { a.panicked = recover() }()
		start := time.Now()
		c := command{dir: dir, environ: environ, stdout: output{Writer: &a.stdout},
			stderr: output{Writer: &a.stderr}, git: gitStub,
			become: func([]string, []string, output, output) (int, error) { return 0, nil }}
		a.status = c.run(args)
		a.took = time.Since(start)
	}()
	select {
	case <-done:
	case <-time.After(hang):
		t.Fatalf("%q hangs", args)
	}
	return a
}

// fault returns what is wrong with an answer, or "".
func (a *answer) fault() string {
	isJSON := slices.Contains(a.args, "--json") && a.status == statusOK
	switch {
	case a.panicked != nil:
		return fmt.Sprintf("panics: %v", a.panicked)
	case a.status < statusOK || a.status > statusUsage:
		return fmt.Sprintf("has the exit status %d", a.status)
	case a.status != statusOK && a.stdout.bytes+a.stderr.bytes == 0:
		return "fails without a word"
	case !slices.Contains(a.args, "--reveal") && (a.stdout.leaked || a.stderr.leaked), a.stderr.leaked:
		return "shows a secret"
	case a.stderr.vars && a.stderr.message(), a.stdout.vars && a.args[0] == "check" && a.stdout.message():
		return "shows a var in a message"
	case isJSON && a.stdout.bytes < mostKept && !json.Valid(a.stdout.start):
		return "prints no JSON"
	}
	return ""
}

// place writes the project and returns the directory for the command and the total size of the files.
func (p *brokenProject) place(t *testing.T) (dir string, size int) {
	t.Helper()
	root, err := os.MkdirTemp(t.TempDir(), "")
	require.NoError(t, err)
	require.NoError(t, p.Write(root))
	for _, do := range p.after {
		do(t, root)
	}
	for path, text := range p.Files {
		size += len(path) + len(text)
	}
	return filepath.Join(root, filepath.FromSlash(p.Args.Dir)), size
}

// brokenProjects returns the number of projects; there are fewer with -short and with the race detector.
func brokenProjects() int {
	if testing.Short() {
		return 100
	}
	return 1000
}

// TestBrokenProjects runs the command on broken projects of all kinds. It must print a result or an error, without a
// panic, within the time limit, with memory proportional to the input, and without a secret unless --reveal is used.
func TestBrokenProjects(t *testing.T) {
	b := newBreaker(brokenSeed(t))
	live := watchHeap(t)
	n, statuses, revealed, slowest, most := brokenProjects(), map[int]int{}, 0, time.Duration(0), 0.0
	for i := range n {
		p := b.project()
		dir, size := p.place(t)
		live.reset()
		for _, args := range b.calls(p) {
			a := ask(t, dir, p.Args.Process, args)
			if fault := a.fault(); fault != "" {
				t.Fatalf("project %d: workerenv %q %s\n%s%s\nbroken by %q\n%s", i, args, fault, a.stdout.start,
					a.stderr.start, p.breaks, p)
			}
			statuses[a.status]++
			if a.stdout.leaked {
				revealed++
			}
			slowest = max(slowest, a.took)
		}
		peak := live.peak()
		require.LessOrEqual(t, peak, p.heapBound(size), "project %d, broken by %q\n%s", i, p.breaks, p)
		most = max(most, float64(peak)/(1<<20))
	}
	t.Logf("%d projects, exit statuses %v, slowest call %v, most live heap %.1f MiB", n, statuses, slowest, most)
	require.Greater(t, statuses[statusOK], n/4)
	require.Greater(t, statuses[statusFailure], n/4)
	require.NotZero(t, statuses[statusUsage])
	require.NotZero(t, revealed, "with --reveal there are secrets to be seen")
}

// TestBrokenProcesses runs a sample in separate processes and checks their resident memory.
func TestBrokenProcesses(t *testing.T) {
	b := newBreaker(brokenSeed(t))
	most, least := int64(0), resident(t, process(t, project(t), "env"))
	for i := range 50 {
		p := b.project()
		dir, size := p.place(t)
		args := choose(b, b.calls(p))
		cmd := process(t, dir, args...)
		cmd.Env = append(cmd.Env, usable(p.Args.Process)...)
		resident := resident(t, cmd)
		most = max(most, resident)
		// The collector lets garbage grow as large as what is live.
		require.LessOrEqual(t, resident, least+2*int64(p.heapBound(size)), "project %d, %q, broken by %q\n%s", i,
			args, p.breaks, p)
	}
	t.Logf("largest resident set %.1f MB, of an empty project %.1f MB", float64(most)/1e6, float64(least)/1e6)
}

// usable returns the variables that a process can have.
func usable(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool { return strings.Contains(entry, "\x00") })
}

// resident runs cmd and returns its largest resident set in bytes. A small process starts it, since the system includes
// the memory of the parent.
func resident(t *testing.T, cmd *exec.Cmd) int64 {
	t.Helper()
	args, err := json.Marshal(slices.DeleteFunc(cmd.Args[1:],
		func(arg string) bool { return strings.Contains(arg, "\x00") }))
	require.NoError(t, err)
	starter := exec.CommandContext(t.Context(), cmd.Path, "-test.run=^TestStartProcess$", "-test.v")
	starter.Dir, starter.Env = cmd.Dir, append(cmd.Env, asMain+"=", asStarter+"="+string(args))
	got := finish(t, starter)
	_, text, ok := strings.Cut(got.stdout, asStarter+"=")
	require.True(t, ok, "%s%s", got.stdout, got.stderr)
	bytes, _, _ := strings.Cut(text, "\n")
	n, err := strconv.ParseInt(bytes, 10, 64)
	require.NoError(t, err)
	return n
}

const asStarter = "WORKERENV_TEST_AS_STARTER"

// TestStartProcess is the process that resident starts.
func TestStartProcess(t *testing.T) {
	var args []string
	if json.Unmarshal([]byte(os.Getenv(asStarter)), &args) != nil {
		t.Skip("for another test")
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asMain+"=1", asStarter+"=")
	status := finish(t, cmd).status
	require.True(t, status <= statusUsage || status == statusNotRunnable || status == statusNotFound, "%d", status)
	fmt.Printf("%s=%d\n", asStarter, residentBytes(cmd.ProcessState))
}

// TestPipeWithoutWriter checks that a named pipe without a writer does not block.
func TestPipeWithoutWriter(t *testing.T) {
	for _, test := range []struct{ file, refuse string }{
		{".dev.vars", noConfig + "error: .dev.vars: cannot read this file: is a pipe without a writer (file)\n"},
		{".env", noConfig + "warning: .env: wrangler ignores this file, since it cannot be read: " +
			"is a pipe without a writer (file)\n"},
		{"wrangler.json", noConfig},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			dir := project(t)
			if syscall.Mkfifo(filepath.Join(dir, test.file), 0o600) != nil {
				t.Skip("named pipes cannot be made here")
			}
			a := ask(t, dir, nil, []string{"check"})
			require.Empty(t, a.fault())
			require.Equal(t, test.refuse, string(a.stdout.start))
		})
	}
}

// TestFilesThatChange changes the files of a project while the command reads them.
func TestFilesThatChange(t *testing.T) {
	b := newBreaker(brokenSeed(t))
	for range 20 {
		p := &brokenProject{Project: b.complete()}
		dir, _ := p.place(t)
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			change(p, dir, b.r.Uint64(), stop)
		}()
		for range 5 {
			for _, args := range [][]string{{"env", "--json"}, {"deploy-bindings", "--secrets-file", "secrets.json"},
				{"check"}, {"run", "true"}} {
				a := ask(t, dir, nil, args)
				require.Empty(t, a.fault(), "%q: %s%s", args, a.stdout.start, a.stderr.start)
			}
		}
		close(stop)
		<-stopped
	}
}

// change writes, truncates and removes the files of a project until stopped.
func change(p *brokenProject, dir string, seed uint64, stop <-chan struct{}) {
	r, paths := rand.New(rand.NewPCG(seed, 3)), p.texts()
	for {
		select {
		case <-stop:
			return
		default:
		}
		path := paths[r.IntN(len(paths))]
		file, text := filepath.Join(dir, filepath.FromSlash(path)), p.Files[path]
		switch r.IntN(4) {
		case 0:
			os.Remove(file)
		case 1:
			os.Truncate(file, int64(r.IntN(len(text))))
		default:
			os.WriteFile(file, []byte(text), 0o644)
		}
	}
}

package leaks_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// crashes are the ways in which a program dies of a panic that says more than it should.
var crashes = []string{"value", "holder", "pointer", "error", "arguments"}

// What TestMain does instead of running tests, in a process that one of them started: crash as the variable
// says, with the specimen of that name.
const crashVariable, specimenVariable = "LEAKS_TEST_CRASH", "LEAKS_TEST_SPECIMEN"

func TestMain(m *testing.M) {
	if mode := os.Getenv(crashVariable); mode != "" {
		find(os.Getenv(specimenVariable)).crash(mode)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// find returns the specimen of that name, or one of two that leak: a string in everything but a traceback, which shows the
// addresses of strings and the elements of arrays. These are made only if asked for, since a traceback may show
// what they left on the stack.
func find(name string) specimen {
	switch name {
	case "string":
		return specimenOf(name, canary)
	case "array":
		return specimenOf(name, [8]byte([]byte(canary)))
	}
	all := specimens()
	return all[slices.IndexFunc(all, func(s specimen) bool { return s.name == name })]
}

// holder prints itself as Go programs often do, by a method that prints the fields.
type holder[T any] unexported[T]

func (h holder[T]) String() string { return fmt.Sprintf("%+v", unexported[T](h)) }

func crash[T any](mode string, x T) {
	h := holder[T]{"n", x}
	switch mode {
	case "value":
		panic(x)
	case "holder":
		panic(h)
	case "pointer":
		panic(&h)
	case "error":
		panic(fmt.Errorf("config: %+v", unexported[T](h)))
	case "arguments":
		deeper(x, unexported[T](h), &h, 3, func() { panic("at the bottom") })
	}
}

// hold waits for done with its argument on the stack.
func hold[T any](x T, ready func(), done <-chan struct{}) {
	h := holder[T]{"n", x}
	deeper(x, unexported[T](h), &h, 3, func() { ready(); <-done })
}

// deeper calls bottom with its arguments on the stack.
//
//go:noinline
func deeper[T any](x T, u unexported[T], h *holder[T], n int, bottom func()) {
	if n == 0 {
		bottom()
		return
	}
	deeper(x, u, h, n-1, bottom)
	runtime.KeepAlive(n) // keeps the call a call
}

// crashed returns what is left of a process that crashed.
func crashed(t *testing.T, mode, specimen string) string {
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), crashVariable+"="+mode, specimenVariable+"="+specimen, "GOTRACEBACK=all")
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "%s did not crash with %s", specimen, mode)
	require.Contains(t, string(out), "panic: ")
	require.Contains(t, string(out), "goroutine 1 ")
	return string(out)
}

func TestNoPanicLeaks(t *testing.T) {
	skipIfSlowed(t)
	for _, s := range specimens() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, mode := range crashes {
				if found := leak(crashed(t, mode, s.name)); found != "" {
					t.Errorf("leaks through a panic (%s): %q", mode, found)
				}
			}
		})
	}
}

// Every way to crash shows the canary in one of the controls, or it could not fail.
func TestPanicsCanFail(t *testing.T) {
	for _, mode := range crashes {
		assert.NotEmpty(t, leak(crashed(t, mode, "string"))+leak(crashed(t, mode, "array")), mode)
	}
}

// stacks returns all stacks of the process in every form that the runtime has, while goroutines hold the specimens.
func stacks(t *testing.T, list []specimen) string {
	var ready sync.WaitGroup
	ready.Add(len(list))
	done := make(chan struct{})
	defer close(done)
	for _, s := range list {
		go s.hold(ready.Done, done)
	}
	ready.Wait()
	var b bytes.Buffer
	for _, form := range []int{1, 2} {
		require.NoError(t, pprof.Lookup("goroutine").WriteTo(&b, form))
	}
	all := make([]byte, 4<<20)
	b.Write(all[:runtime.Stack(all, true)])
	b.Write(debug.Stack())
	return b.String()
}

func TestNoGoroutineDumpLeaks(t *testing.T) {
	list := specimens()
	dump := stacks(t, list)
	require.Contains(t, dump, "deeper")
	assert.Empty(t, leak(dump))
}

func TestGoroutineDumpsCanFail(t *testing.T) {
	assert.NotEmpty(t, leak(stacks(t, []specimen{find("array")})))
}

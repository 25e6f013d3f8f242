package leaks_test

import (
	"fmt"
	"io"
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

// crashes are the kinds of panics whose output may contain values.
var crashes = []string{"value", "holder", "pointer", "error", "arguments"}

// These environment variables make TestMain crash in the given way with the specimen of that name, or
// print all stacks. Tests set them for new processes.
const crashVariable, specimenVariable, dumpMode = "LEAKS_TEST_CRASH", "LEAKS_TEST_SPECIMEN", "dump"

func TestMain(m *testing.M) {
	switch mode, name := os.Getenv(crashVariable), os.Getenv(specimenVariable); {
	case mode == "":
		os.Exit(m.Run())
	case mode == dumpMode && name == "":
		dump(os.Stdout, specimens)
	case mode == dumpMode:
		dump(os.Stdout, func() []specimen { return []specimen{find(name)} })
	default:
		find(name).crash(mode)
	}
}

// find returns the specimen of that name, or one of two controls: a string, which leaks except in a
// traceback, and an array, which leaks in a traceback. It makes controls on demand, since a traceback
// may show the data that they leave on the stack.
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

// holder has a String method that prints its fields, as many Go types do.
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

// hold waits for done while its argument is on the stack.
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
	runtime.KeepAlive(n) // keeps the frame on the stack
}

// ownProcess runs TestMain in a new process, with a mode and the name of a specimen.
func ownProcess(t *testing.T, mode, specimen, setting string) (string, error) {
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), crashVariable+"="+mode, specimenVariable+"="+specimen, setting)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// crashed returns the output of a process that crashes.
func crashed(t *testing.T, mode, specimen string) string {
	out, err := ownProcess(t, mode, specimen, "GOTRACEBACK=all")
	require.Error(t, err, "%s did not crash with %s", specimen, mode)
	require.Contains(t, out, "panic: ")
	require.Contains(t, out, "goroutine 1 ")
	return out
}

func TestNoPanicLeaks(t *testing.T) {
	skipIfRace(t)
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

// TestPanicsCanFail checks that one of the controls leaks in every kind of crash.
func TestPanicsCanFail(t *testing.T) {
	for _, mode := range crashes {
		assert.NotEmpty(t, leak(crashed(t, mode, "string"))+leak(crashed(t, mode, "array")), mode)
	}
}

// dump writes all stacks in every form that the runtime offers, while goroutines hold the specimens.
func dump(w io.Writer, specimens func() []specimen) {
	var ready sync.WaitGroup
	holders := newHolders()
	done := make(chan struct{})
	for _, s := range specimens() {
		ready.Add(1)
		holders <- func() { s.hold(ready.Done, done) }
	}
	ready.Wait()
	for _, form := range []int{1, 2} {
		pprof.Lookup("goroutine").WriteTo(w, form)
	}
	all := make([]byte, 4<<20)
	w.Write(all[:runtime.Stack(all, true)])
	w.Write(debug.Stack())
}

// newHolders starts goroutines that call one function each. Their stacks get their final size
// before the canary exists. Otherwise a stack could reuse memory in which other functions have left
// the canary, and a dump would show it.
func newHolders() chan<- func() {
	var grown sync.WaitGroup
	holders := make(chan func())
	for range 1000 {
		grown.Add(1)
		go func() {
			grow()
			grown.Done()
			(<-holders)()
		}()
	}
	grown.Wait()
	return holders
}

// grow grows the stack of its caller to more than these tests need.
//
//go:noinline
func grow() {
	var page [8 << 10]byte
	runtime.KeepAlive(&page)
}

// dumped returns the stacks of a new process whose goroutines hold the specimen of that name, or all
// specimens for "".
func dumped(t *testing.T, specimen string) string {
	out, err := ownProcess(t, dumpMode, specimen, "GODEBUG=gcshrinkstackoff=1")
	require.NoError(t, err)
	require.Contains(t, out, "deeper")
	return out
}

func TestNoGoroutineDumpLeaks(t *testing.T) { assert.Empty(t, leak(dumped(t, ""))) }

func TestGoroutineDumpsCanFail(t *testing.T) { assert.NotEmpty(t, leak(dumped(t, "array"))) }

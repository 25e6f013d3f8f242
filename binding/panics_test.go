package binding_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// crashes are ways to panic with a value or with a value on the stack.
var crashes = []string{"value", "holder", "pointer", "error", "arguments"}

// These environment variables make TestMain crash in the given way, with the specimen of that name,
// instead of running tests.
const crashVariable, specimenVariable = "BINDING_TEST_CRASH", "BINDING_TEST_SPECIMEN"

func TestMain(m *testing.M) {
	if mode := os.Getenv(crashVariable); mode != "" {
		find(os.Getenv(specimenVariable)).crash(mode)
		os.Exit(0)
	}
	os.Exit(m.Run())
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
		deeper(x, unexported[T](h), &h, 3)
	}
}

// deeper panics with its arguments on the stack.
//
//go:noinline
func deeper[T any](x T, u unexported[T], h *holder[T], n int) {
	if n == 0 {
		panic("at the bottom")
	}
	deeper(x, u, h, n-1)
	fmt.Fprintln(os.Stderr, n) // keeps the arguments alive and prevents a tail call
}

// crashed returns the output of a process that crashed.
func crashed(t *testing.T, mode, specimen string) string {
	cmd := exec.Command(executable(t))
	cmd.Env = append(os.Environ(), crashVariable+"="+mode, specimenVariable+"="+specimen, "GOTRACEBACK=all")
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "%s did not crash with %s", specimen, mode)
	require.Contains(t, string(out), "panic: ")
	require.Contains(t, string(out), "goroutine 1 ")
	return string(out)
}

// executable returns the path of the test binary.
func executable(t *testing.T) string {
	if runtime.GOARCH == "wasm" {
		t.Skip("WebAssembly cannot start processes")
	}
	exe, err := os.Executable()
	require.NoError(t, err)
	return exe
}

func TestNoPanicLeaks(t *testing.T) {
	for _, name := range []string{"Value", "Binding", "Set", "Env", "Diff", "error NewSet", "error mismatch"} {
		for _, mode := range crashes {
			if found := leak(crashed(t, mode, name)); found != "" {
				t.Errorf("%s leaks through a panic (%s): %q", name, mode, found)
			}
		}
	}
}

// TestPanicsCanFail checks that each crash shows the canary of one of the controls.
func TestPanicsCanFail(t *testing.T) {
	for _, mode := range crashes {
		assert.NotEmpty(t, leak(crashed(t, mode, "string"))+leak(crashed(t, mode, "array")), mode)
	}
}

//go:build unix

package readfile_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/readfile"
)

func pipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if syscall.Mkfifo(name, 0o600) != nil {
		t.Skip("named pipes cannot be made here")
	}
	return name
}

// TestReadPipe has a writer that opens the pipe late, and then takes longer than a pipe may be
// without a writer.
func TestReadPipe(t *testing.T) {
	name := pipe(t)
	go func() {
		time.Sleep(50 * time.Millisecond)
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return // Read fails
		}
		defer f.Close()
		time.Sleep(600 * time.Millisecond)
		f.WriteString("A=first\n")
		time.Sleep(600 * time.Millisecond)
		f.WriteString("B=second\n")
	}()
	got, err := readfile.Read(name, time.Minute)
	require.NoError(t, err)
	require.Equal(t, "A=first\nB=second\n", string(got))
}

func TestReadPipeWithoutWriter(t *testing.T) {
	name := pipe(t)
	_, err := readfile.Read(name, time.Minute)
	requireCause(t, err, name, readfile.ErrNoWriter)
}

// TestReadSilentPipe has writers that do not end: one writes nothing, one a byte now and then, one
// as fast as it can.
func TestReadSilentPipe(t *testing.T) {
	for label, write := range map[string]func(*os.File) error{
		"silent": func(*os.File) error { time.Sleep(10 * time.Millisecond); return nil },
		"slow": func(f *os.File) error {
			time.Sleep(10 * time.Millisecond)
			_, err := f.WriteString("x")
			return err
		},
		"fast": func(f *os.File) error { _, err := f.WriteString("x"); return err },
	} {
		t.Run(label, func(t *testing.T) {
			name := pipe(t)
			f, err := os.OpenFile(name, os.O_RDWR, 0)
			require.NoError(t, err)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for end := time.Now().Add(time.Second); time.Now().Before(end) && write(f) == nil; {
				}
			}()
			start := time.Now()
			_, err = readfile.Read(name, 200*time.Millisecond)
			requireCause(t, err, name, readfile.ErrTimeout)
			require.Less(t, time.Since(start), 5*time.Second)
			f.Close()
			<-done
		})
	}
}

// TestReadDevices has devices that never end or never answer.
func TestReadDevices(t *testing.T) {
	for _, name := range []string{"/dev/zero", "/dev/ptmx", "/dev/tty"} {
		if _, err := os.Stat(name); err != nil {
			continue
		}
		_, err := readfile.Read(name, time.Second)
		requireCause(t, err, name, readfile.ErrDevice)
	}
}

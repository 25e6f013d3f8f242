package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

func TestReload(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) { // as editors do: a new file, renamed
		temporary := filepath.Join(dir, name+"~")
		require.NoError(t, os.WriteFile(temporary, []byte(text), 0o600))
		require.NoError(t, os.Rename(temporary, filepath.Join(dir, name)))
	}
	e := new(emulator)
	body := func() string {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		return w.Body.String()
	}
	eventually := func(want string) {
		t.Helper()
		require.Eventually(t, func() bool { return body() == want }, 20*time.Second, 5*time.Millisecond)
	}
	require.Equal(t, "the project cannot be read yet\n", body())

	write("wrangler.toml", "vars.GREETING = 'hello'\n")
	ctx, cancel := context.WithCancel(t.Context())
	failures, ended := make(chan error, 10), make(chan bool)
	go func() {
		e.follow(ctx, wrangler.Options{Dir: dir}, func(err error) { failures <- err })
		close(ended)
	}()
	eventually("hello [GREETING]\n")
	write(".dev.vars", "API_KEY=hunter2\n")
	eventually("hello [API_KEY GREETING]\n")
	write("wrangler.toml", "vars.GREETING = \n")
	require.ErrorContains(t, <-failures, "wrangler.toml:1:")
	require.Equal(t, "hello [API_KEY GREETING]\n", body())
	write("wrangler.toml", "vars.GREETING = 'good evening'\n")
	eventually("good evening [API_KEY GREETING]\n")
	cancel()
	<-ended
}

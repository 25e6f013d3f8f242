//go:build unix && !nosqlite

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// backend is serve in a process, with the token t0ken.
type backend struct {
	t   *testing.T
	cmd *exec.Cmd
	url string
	log *lockedBuffer
}

func startBackend(t *testing.T, dir string, args ...string) backend {
	t.Helper()
	cmd := process(t, dir, append([]string{"serve", "--token", "t0ken"}, args...)...)
	printed, log := startProcess(t, cmd)
	url := regexp.MustCompile(`(?m)^export CLOUDFLARE_BASE_URL=(.*)$`).FindStringSubmatch(printed)
	require.NotNil(t, url, printed)
	return backend{t, cmd, url[1], log}
}

// kill ends the process with SIGKILL.
func (b backend) kill() {
	b.t.Helper()
	require.NoError(b.t, b.cmd.Process.Kill())
	b.cmd.Wait()
}

// do makes a request for the account and returns its response.
func (b backend) do(method, path, contentType, body string) string {
	b.t.Helper()
	url := b.url + "/accounts/" + anyAccount + path
	r, err := http.NewRequestWithContext(b.t.Context(), method, url, strings.NewReader(body))
	require.NoError(b.t, err)
	r.Header.Set("Authorization", "Bearer t0ken")
	r.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	require.Less(b.t, response.StatusCode, 300, "%s %s: %s\n%s", method, path, text, b.log)
	return string(text)
}

const uploadForm = "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n" +
	`{"main_module":"a.js","keep_bindings":["secret_text"]}` +
	"\r\n--b\r\nContent-Disposition: form-data; name=a.js; filename=a.js\r\n" +
	"Content-Type: application/javascript+module\r\n\r\nexport default {} // m0dule\r\n--b--\r\n"

func (b backend) upload(script string) {
	b.t.Helper()
	b.do("PUT", "/workers/scripts/"+script, "multipart/form-data; boundary=b", uploadForm)
}

func (b backend) put(script, secret string) {
	b.t.Helper()
	body, err := json.Marshal(map[string]string{"name": secret, "text": "c4n4ry-" + secret, "type": "secret_text"})
	require.NoError(b.t, err)
	b.do("PUT", "/workers/scripts/"+script+"/secrets", "application/json", string(body))
}

func (b backend) secrets(script string) string {
	b.t.Helper()
	return b.do("GET", "/workers/scripts/"+script+"/secrets", "", "")
}

// workerenv runs the command in dir.
func workerenv(t *testing.T, dir string, args ...string) call {
	t.Helper()
	return finish(t, process(t, dir, args...))
}

// requireFails runs the command and requires that it fails with an error, without values.
func requireFails(t *testing.T, dir, says string, args ...string) {
	t.Helper()
	got := workerenv(t, dir, args...)
	require.NotEqual(t, statusOK, got.status, "%v: %s", args, got.stderr)
	require.Contains(t, got.stderr, says, "%v", args)
	require.NotContains(t, got.stdout+got.stderr, "c4n4ry")
	require.Equal(t, 1+strings.Count(got.stderr, " -h for help\n"), strings.Count(got.stderr, "\n"), got.stderr)
}

// fileBytes returns the contents of the files of a database.
func fileBytes(t *testing.T, path string) []byte {
	t.Helper()
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(path + suffix)
		if suffix == "" {
			require.NoError(t, err)
		}
		all = append(all, text...)
	}
	return all
}

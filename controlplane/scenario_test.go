package controlplane_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

// scenario is a file of testdata/scenarios: a txtar archive of a project, of a session with
// wrangler in it, and of the history that the Worker shop has then.
type scenario struct {
	name    string
	comment string
	files   []file // the project
	session string
	history string
}

type file struct{ name, text string }

// step is a command of a session, with what it reads from standard input and what it printed.
type step struct {
	line   string
	input  string
	env    []string // NAME=value
	tool   string   // "wrangler" or "curl"
	args   []string
	output string
}

func scenarios(t *testing.T) []scenario {
	paths, err := filepath.Glob("testdata/scenarios/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var list []scenario
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		list = append(list, parseScenario(strings.TrimSuffix(filepath.Base(path), ".txtar"), string(text)))
	}
	return list
}

// parseScenario reads the txtar format of golang.org/x/tools: files, each after a line "-- NAME
// --".
func parseScenario(name, text string) scenario {
	s := scenario{name: name}
	into := &s.comment
	for line := range strings.Lines(text) {
		header, isHeader := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		header, ends := strings.CutSuffix(header, " --")
		switch {
		case !isHeader || !ends:
			*into += line
		case header == "session":
			into = &s.session
		case header == "history":
			into = &s.history
		default:
			s.files = append(s.files, file{name: header})
			into = &s.files[len(s.files)-1].text
		}
	}
	return s
}

func (s scenario) String() string {
	var b strings.Builder
	b.WriteString(s.comment)
	for _, f := range append(slices.Clone(s.files), file{"session", s.session}, file{"history", s.history}) {
		fmt.Fprintf(&b, "-- %s --\n%s", f.name, f.text)
	}
	return b.String()
}

// steps are the commands of the session: lines that start with "$ ", as "$ echo s3cr3t | wrangler
// secret put API_KEY", or "$ CLOUDFLARE_API_TOKEN=wrong wrangler secret list". For what wrangler
// has no command there is "$ curl -X DELETE /accounts/...".
func (s scenario) steps() []step {
	var list []step
	for line := range strings.Lines(s.session) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			list = append(list, parseStep(strings.TrimSpace(command)))
		} else if len(list) > 0 {
			list[len(list)-1].output += line
		}
	}
	return list
}

func parseStep(line string) step {
	s := step{line: line}
	if text, command, ok := strings.Cut(line, " | "); ok {
		s.input = strings.Trim(strings.TrimPrefix(text, "echo "), `"`) + "\n"
		line = command
	}
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			s.args = append(s.args, part)
		} else {
			s.args = append(s.args, strings.Fields(part)...)
		}
	}
	command := slices.IndexFunc(s.args, func(arg string) bool { return !strings.Contains(arg, "=") })
	s.env, s.tool, s.args = s.args[:command], s.args[command], s.args[command+1:]
	return s
}

// describe returns the whole state as text: the history of the Worker shop, those of all others
// under their names, and Pages projects.
func describe(t *testing.T, api *controlplanetest.Server) string {
	var b strings.Builder
	if _, err := api.Snapshot("shop"); err != nil {
		fmt.Fprintf(&b, "none: %s\n", err)
	}
	workers, err := api.Account().Workers(t.Context())
	require.NoError(t, err)
	for _, w := range workers {
		if w.Name != "shop" {
			fmt.Fprintf(&b, "worker %s\n", w.Name)
		}
		snapshot, err := api.Snapshot(w.Name)
		require.NoError(t, err)
		describeWorker(&b, snapshot)
	}
	describePages(t, &b, api.Handler.Pages(controlplanetest.AccountID))
	return b.String()
}

// describeWorker writes the versions and deployments in the order in which they were made.
func describeWorker(b *strings.Builder, snapshot version.Snapshot) {
	versions := slices.Collect(snapshot.Versions())
	for _, v := range slices.Backward(versions) {
		fmt.Fprintf(b, "version %d from %d by %s%s\n", v.Number(), v.Base(), v.Source(), notes(v))
		describeBindings(b, v.Bindings())
	}
	deployments := slices.Collect(snapshot.Deployments())
	for _, d := range slices.Backward(deployments) {
		fmt.Fprintf(b, "deployment by %s%s:", d.Source(), notes(d))
		for v, share := range d.All() {
			fmt.Fprintf(b, " version %d at %s%%", v.Number(), share)
		}
		b.WriteByte('\n')
	}
}

func describeBindings(b *strings.Builder, set binding.Set) {
	for binding := range set.All() {
		value, ok := binding.Value()
		if !ok {
			value, _ = binding.Attributes()
		}
		fmt.Fprintf(b, "\t%s = %q\n", binding, value.Reveal())
	}
}

func describePages(t *testing.T, b *strings.Builder, pages *controlplane.Pages) {
	projects, err := pages.Projects(t.Context())
	require.NoError(t, err)
	for _, name := range projects {
		for _, environment := range []string{controlplane.Production, controlplane.Preview} {
			set, err := pages.Bindings(t.Context(), name, environment)
			require.NoError(t, err)
			fmt.Fprintf(b, "pages project %s, %s\n", name, environment)
			describeBindings(b, set)
		}
	}
}

func notes(of interface{ Annotation(string) (string, bool) }) string {
	var b strings.Builder
	for _, key := range []string{version.AnnotationTriggeredBy, version.AnnotationTag, version.AnnotationAlias,
		version.AnnotationMessage} {
		if text, ok := of.Annotation(key); ok {
			fmt.Fprintf(&b, ", %s %q", strings.TrimPrefix(key, "workers/"), text)
		}
	}
	return b.String()
}

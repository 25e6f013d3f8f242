package wrangler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/projectgen"
	"github.com/workerenv/workerenv/wrangler"
)

// liveProjects is the number of generated projects, unless WORKERENV_PROJECTS is set.
const liveProjects = 2000

func liveGenerator(t *testing.T) *projectgen.Generator {
	t.Helper()
	return projectgen.New(live.Seed(t))
}

// basis is the environment in which the real tool always runs. That of ours is the same.
var basis = oracle.Process{"PATH=/usr/bin:/bin", "HOME=/home/nobody"}

// liveProject is a generated project on disk.
type liveProject struct {
	projectgen.Project
	dir string // where wrangler is run
}

// onDisk writes a project. The files are removed with the test.
func onDisk(t *testing.T, p projectgen.Project) liveProject {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, p.Write(root), "%s", p)
	return liveProject{p, filepath.Join(root, filepath.FromSlash(p.Args.Dir))}
}

func (p liveProject) question() oracle.Project {
	q := p.Args
	q.Dir, q.Process = p.dir, slices.Concat(basis, p.Args.Process)
	return q
}

func (p liveProject) options() wrangler.Options {
	o := wrangler.Options{
		Dir: p.dir, Environment: p.Args.Env, EnvFiles: p.Args.EnvFiles, Environ: slices.Concat(basis, p.Args.Process),
		Script: p.Args.Script,
	}
	if p.Args.Config != nil {
		o.Config = *p.Args.Config
	}
	return o
}

// apiOptions are those at the level of unstable_readConfig and unstable_getVarsForDev.
func (p liveProject) apiOptions() wrangler.Options {
	o := p.options()
	o.Programmatic = true
	if p.Args.Redirect {
		return wrangler.FollowRedirect(o)
	}
	return o
}

// outcome is what one of the two tools makes of a project.
type outcome struct {
	Worker       string
	Environment  string
	Path, UserAt string // of the configuration that counts, and of the user's
	Bindings     []shape
	Missing      []string // required secrets that are warned of
	Error        string   // why it failed, for people; "" if it did not
}

// same reports whether two outcomes are equal, or are both errors.
func (o outcome) same(other outcome) bool {
	if o.Error != "" || other.Error != "" {
		return o.Error != "" && other.Error != ""
	}
	return reflect.DeepEqual(o, other)
}

func (o outcome) String() string {
	if o.Error != "" {
		return "error: " + o.Error
	}
	return fmt.Sprintf("%q %q %s %s %q missing %q", o.Worker, o.Environment, o.Path, o.UserAt, o.Bindings, o.Missing)
}

// ours resolves as the functions of wrangler's API do.
func ours(t *testing.T, p liveProject) outcome {
	t.Helper()
	c, err := wrangler.Load(p.apiOptions())
	if err != nil {
		requireTyped(t, err, "nothing yet")
		return outcome{Error: err.Error()}
	}
	r, err := c.Dev(wrangler.DevOptions{})
	if err != nil {
		requireTyped(t, err, "nothing yet")
		return outcome{Error: err.Error()}
	}
	environment, _ := c.Environment()
	return outcome{
		Worker: c.Name(), Environment: environment, Path: c.Path(), UserAt: c.UserPath(), Bindings: shapesOf(r, nil),
		Missing: withoutSpace(keysOf(r, wrangler.RuleMissingSecret, "(?s)required secret (.*) is missing")),
	}
}

// theirs reads the answer of the real tool.
func theirs(t *testing.T, p liveProject, a oracle.Resolution) outcome {
	t.Helper()
	switch {
	case a.Ending == oracle.Threw:
		return outcome{Error: fmt.Sprintf("%+v", a.Chain)}
	case a.Ending != oracle.Answered:
		return outcome{Error: string(a.Ending)}
	}
	o := outcome{
		Worker: orEmpty(a.Name), Environment: orEmpty(a.TargetEnvironment), Bindings: []shape{},
		Path: p.absolute(a.ConfigPath), UserAt: p.absolute(a.UserConfigPath),
		Missing: withoutSpace(missingSecrets(a.Log.Err)),
	}
	names, values := ordered(t, a.Vars)
	for i, name := range names {
		var v struct {
			Type  string          `json:"type"`
			Value json.RawMessage `json:"value"`
		}
		require.NoError(t, json.Unmarshal(values[i], &v))
		o.Bindings = append(o.Bindings, shape{name, v.Type, text(t, v.Type, v.Value)})
	}
	return o
}

// withoutSpace takes out of names what wrangler's indentation of messages changes.
func withoutSpace(names []string) []string {
	for i := range names {
		names[i] = strings.Join(strings.Fields(names[i]), "")
	}
	return names
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// absolute returns a path that the real tool gives as it got it.
func (p liveProject) absolute(path *string) string {
	switch {
	case path == nil:
		return ""
	case filepath.IsAbs(*path):
		return *path
	}
	real, err := filepath.EvalSymlinks(p.dir)
	if err != nil {
		return err.Error()
	}
	return filepath.Join(real, *path)
}

// firstDifference compares projects with the real tool. It returns the index of the first that differs and its two
// outcomes, or -1.
func firstDifference(
	t *testing.T, resolver *oracle.Resolver, projects []liveProject, endings map[string]int,
) (int, [2]outcome) {
	t.Helper()
	questions := make([]oracle.Project, len(projects))
	for i, p := range projects {
		questions[i] = p.question()
	}
	answers, err := resolver.Resolve(context.WithoutCancel(t.Context()), questions)
	require.NoError(t, err)
	for i, a := range answers {
		endings[string(a.Ending)]++
		want, got := theirs(t, projects[i], a), ours(t, projects[i])
		if !want.same(got) && !isDocumented(want, got) {
			return i, [2]outcome{want, got}
		}
	}
	return -1, [2]outcome{}
}

// documented are causes of errors of this library in projects that wrangler accepts: the differences queue-members and
// no-object in docs/differences.md. A change in the text of a generated configuration can cause them.
var documented = []string{"queues.producers[", "env: must be an object"}

func isDocumented(wrangler, ours outcome) bool {
	return wrangler.Error == "" && slices.ContainsFunc(documented, func(cause string) bool {
		return strings.Contains(ours.Error, cause)
	})
}

func TestProjectsEqualWrangler(t *testing.T) {
	tools := live.Oracle(t)
	g := liveGenerator(t)
	resolver := tools.NewResolver(oracle.Limits{Time: 10 * time.Second})
	t.Cleanup(resolver.Close)
	endings := map[string]int{}
	const batch = 200
	for left := live.Count(t, "WORKERENV_PROJECTS", liveProjects); left > 0; left -= batch {
		var projects []liveProject
		for range min(left, batch) {
			projects = append(projects, onDisk(t, g.Project()))
		}
		if i, _ := firstDifference(t, resolver, projects, endings); i >= 0 {
			report(t, resolver, projects[i].Project)
		}
	}
	t.Logf("endings of the reference: %v, no difference", endings)
}

// report fails the test with the smallest project that it can make of p.
func report(t *testing.T, resolver *oracle.Resolver, p projectgen.Project) {
	t.Helper()
	ignored := map[string]int{}
	smallest := projectgen.Minimise(p, func(candidate projectgen.Project) bool {
		i, _ := firstDifference(t, resolver, []liveProject{onDisk(t, candidate)}, ignored)
		return i >= 0
	})
	_, outcomes := firstDifference(t, resolver, []liveProject{onDisk(t, smallest)}, ignored)
	t.Fatalf("wrangler: %s\nours:     %s\n%s", outcomes[0], outcomes[1], smallest)
}

package wrangler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/tools/projectgen"
	"github.com/workerenv/workerenv/wrangler"
)

// shop is a project in which every accessor has something to give.
func shop() wrangler.Options {
	return wrangler.Options{
		FS: tree(map[string]string{
			"wrangler.json": `{
				"name": "shop", "vars": {"A": "a", "J": {"x": 1}}, "varz": 1,
				"secrets": {"required": ["R", "S"]},
				"kv_namespaces": [{"binding": "K", "id": "x"}],
				"env": {"staging": {"vars": {"A": "staging"}}, "production": {}}
			}`,
			".dev.vars":    "R=1\nR=2\nA=local\n",
			"my.env":       "R=3\n",
			"secrets.json": `{"S": "1", "T": "2"}`,
		}),
		Environ: []string{"S=proc"},
	}
}

func TestConfig(t *testing.T) {
	o := shop()
	c, err := wrangler.Load(o)
	require.NoError(t, err)
	require.Equal(t, "shop", c.Name())
	require.Equal(t, "/wrangler.json", c.Path())
	require.Equal(t, "/wrangler.json", c.UserPath())
	require.Equal(t, []string{"staging", "production"}, c.Environments())
	require.False(t, c.IsPages())
	_, named := c.Environment()
	require.False(t, named)
	names, has := c.RequiredSecrets()
	require.True(t, has)
	require.Equal(t, []string{"R", "S"}, names)

	o.Environment = new("staging")
	c, err = wrangler.Load(o)
	require.NoError(t, err)
	require.Equal(t, "shop-staging", c.Name())
	environment, named := c.Environment()
	require.True(t, named)
	require.Equal(t, "staging", environment)
	_, has = c.RequiredSecrets()
	require.False(t, has, "an environment does not inherit them")
}

func TestWithoutAnything(t *testing.T) {
	c, err := wrangler.Load(wrangler.Options{FS: fstest.MapFS{}})
	require.NoError(t, err)
	require.Empty(t, c.Name()+c.Path()+c.UserPath())
	require.Empty(t, c.Environments())
	r, err := c.Dev(wrangler.DevOptions{})
	require.NoError(t, err)
	require.Empty(t, r.Bindings())
	require.Empty(t, r.Findings())
	require.Empty(t, r.Names())
	env, err := r.Env()
	require.NoError(t, err)
	require.Zero(t, env.Len())
	var none wrangler.Resolution
	require.Empty(t, none.Bindings())
	require.Empty(t, none.Explain("A").Candidates)
}

// TestResultsBelongToTheCaller spoils everything that an accessor returns, and what Load was given.
func TestResultsBelongToTheCaller(t *testing.T) {
	o := shop()
	o.Environment, o.EnvFiles = new(""), []string{"my.env"}
	c, err := wrangler.Load(o)
	require.NoError(t, err)
	describe := func() string {
		dev, err := c.Dev(wrangler.DevOptions{})
		require.NoError(t, err)
		deployed, err := c.Deploy(wrangler.DeployOptions{SecretsFile: "secrets.json"})
		require.NoError(t, err)
		required, _ := c.RequiredSecrets()
		text := fmt.Sprint(c.Environments(), required, c.Findings(), deployed.KeepBindings())
		for _, r := range []*wrangler.Resolution{dev, deployed} {
			text += fmt.Sprint(shapesOf(r, nil), r.Findings(), r.Names())
			for _, name := range r.Names() {
				text += r.Explain(name).String()
			}
			spoil(r.Bindings(), r.Findings(), r.Names(), r.Explain("R").Candidates)
			require.Equal(t, r.Bindings(), r.Bindings())
			text += fmt.Sprint(shapesOf(r, nil), r.Findings(), r.Names(), r.Explain("R"))
		}
		return text
	}
	before := describe()
	required, _ := c.RequiredSecrets()
	clear(c.Environments())
	clear(required)
	clear(c.Findings())
	*o.Environment, o.EnvFiles[0], o.Environ[0] = "production", "other.env", "S=spoiled"
	require.Equal(t, before, describe())
}

func spoil(bindings []binding.Binding, findings []wrangler.Finding, names []string, candidates []wrangler.Candidate) {
	clear(bindings)
	clear(findings)
	clear(names)
	clear(candidates)
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	c, err := wrangler.Load(shop())
	require.NoError(t, err)
	shared, err := c.Dev(wrangler.DevOptions{})
	require.NoError(t, err)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for range 20 {
				_, _ = c.Dev(wrangler.DevOptions{Vars: []string{"A:1"}})
				_, _ = c.Deploy(wrangler.DeployOptions{SecretsFile: "secrets.json", RemoteSecrets: []string{"A"}})
				_ = fmt.Sprint(c, c.Findings(), c.Environments(), shared.Findings(), shared.Explain("R"), shared.Names(),
					shared.Bindings())
				_, _ = shared.Env()
			}
		})
	}
	workers.Wait()
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name    string
		files   map[string]string
		options wrangler.Options
		want    []string
	}{
		{"nothing to say", map[string]string{"wrangler.json": `{"name": "w", "vars": {"A": "a"}}`}, wrangler.Options{}, nil},
		{"no configuration", nil, wrangler.Options{}, []string{"warning no-config"}},
		{"it cannot begin", nil, wrangler.Options{Config: "no.json"}, []string{"error file"}},
		{"errors and warnings of the configuration", map[string]string{"wrangler.json": `{"varz": 1, "vars": 2}`},
			wrangler.Options{},
			[]string{"warning unknown-field", "error type"}},
		{"what dev refuses", map[string]string{"wrangler.json": `{"varz": 1, "vars": {"A": 1e400}}`}, wrangler.Options{},
			[]string{"warning unknown-field", "error not-json"}},
		{"what keeps dev from going on", map[string]string{"wrangler.json": `{"varz": 1}`, ".dev.vars/x": ""},
			wrangler.Options{},
			[]string{"warning unknown-field", "error file"}},
		{"files and secrets", map[string]string{"wrangler.json": `{"secrets": {"required": ["R"]}}`, ".dev.vars": "A=\n"},
			wrangler.Options{},
			[]string{"note empty-value", "warning missing-secret", "warning not-bound"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.FS = tree(test.files)
			var got []string
			for _, f := range wrangler.Check(test.options) {
				got = append(got, f.Severity.String()+" "+string(f.Rule))
			}
			require.ElementsMatch(t, test.want, got)
		})
	}
}

// TestGeneratedProjectsAnywhere resolves projects from the disk, twice, and from an fs.FS: the
// results must be the same, but for steps through a directory that is missing, which a path in
// an fs.FS cannot say. And Check must refuse what Load or Dev refuses.
func TestGeneratedProjectsAnywhere(t *testing.T) {
	g := projectgen.New(9)
	for range 150 {
		p := g.Project()
		if config := p.Args.Config; p.Links[p.Args.Dir] != "" || config != nil && *config == "wrangler.json/x.json" {
			continue // an fs.FS has no links, and a path through a file is only a missing file there
		}
		clear(p.Links)
		p.Args.EnvFiles = slices.DeleteFunc(p.Args.EnvFiles,
			func(name string) bool { return strings.HasPrefix(name, "dir/..") })
		live := onDisk(t, p)
		onDisk, again, inFS := live.commandOptions(), live.commandOptions(), live.commandOptions()
		inFS.FS, inFS.Dir = below("project", p.Files), "project/"+p.Args.Dir
		// An fs.FS does not know that a step of a path is a file.
		want := strings.ReplaceAll(account(onDisk), "not a directory", "no such file or directory")
		require.Equal(t, account(onDisk), account(again), "%s", p)
		require.Equal(t, want, account(inFS), "%s", p)
	}
}

// below makes a file system with a tree in a directory, so that there is something above it.
func below(dir string, files map[string]string) fstest.MapFS {
	moved := map[string]string{dir + "/.keep": ""}
	for path, text := range files {
		moved[dir+"/"+path] = text
	}
	return tree(moved)
}

// account is all that a caller can learn of a project, but for absolute paths.
func account(o wrangler.Options) string {
	var b strings.Builder
	refused := slices.ContainsFunc(wrangler.Check(o), func(f wrangler.Finding) bool {
		return f.Severity == wrangler.SeverityError && f.Environment == ""
	})
	fmt.Fprintln(&b, "refused", refused, findingsText(wrangler.Check(o)))
	c, err := wrangler.Load(o)
	if err != nil {
		fmt.Fprintln(&b, true, findingsText(wrangler.Findings(err)))
		return b.String()
	}
	fmt.Fprintln(&b, c.Name(), c.Environments(), c.Path() != "", c.Path() == c.UserPath())
	r, err := c.Dev(wrangler.DevOptions{})
	fmt.Fprintln(&b, err != nil, findingsText(wrangler.Findings(err)))
	if (err != nil) != refused {
		fmt.Fprintln(&b, "Check and Dev disagree")
		panic(b.String())
	}
	if err != nil {
		return b.String()
	}
	fmt.Fprintln(&b, shapesOf(r, nil))
	for _, name := range r.Names() {
		fmt.Fprintln(&b, r.Explain(name))
	}
	return b.String()
}

func findingsText(findings []wrangler.Finding) string {
	text := ""
	for _, f := range findings {
		text += fmt.Sprintf("%s %s %s\n", f.Severity, f.Rule, f)
	}
	return text
}

func TestEveryExplanationIsConsistent(t *testing.T) {
	g := projectgen.New(10)
	explained := 0
	for range 300 {
		p := g.Calm()
		o := wrangler.Options{FS: tree(p.Files), Dir: p.Args.Dir, Environment: p.Args.Env, Environ: p.Args.Process,
			Script: "x.js"}
		r, err := resolve(o, wrangler.DevOptions{Vars: p.Args.Vars})
		d, deployErr := deploy(o, wrangler.DeployOptions{Vars: p.Args.Vars, SecretsFile: p.Args.SecretsFile})
		if err != nil || deployErr != nil {
			continue
		}
		for _, r := range []*wrangler.Resolution{r, d} {
			for _, name := range r.Names() {
				requireConsistent(t, r, r.Explain(name))
				explained++
			}
		}
	}
	require.Greater(t, explained, 1000)
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Symlink(".env", filepath.Join(dir, ".env")))
	require.NoError(t, os.Symlink("wrangler.json", filepath.Join(dir, "wrangler.json")))
	r, err := resolve(wrangler.Options{Dir: dir}, wrangler.DevOptions{})
	require.NoError(t, err, "wrangler ignores .env files that it cannot read, and those that are not regular files")
	require.Empty(t, r.Bindings())

	require.NoError(t, os.Symlink(".dev.vars", filepath.Join(dir, ".dev.vars")))
	_, err = resolve(wrangler.Options{Dir: dir}, wrangler.DevOptions{})
	requireTyped(t, err, "an error: a loop is not a missing file")
}

// TestThroughALink looks above the real directory, as a process does that was started in it.
func TestThroughALink(t *testing.T) {
	dir := t.TempDir()
	p := projectgen.Project{
		Files: map[string]string{"real/wrangler.json": `{"name": "real"}`, "real/app/.keep": "",
			"wrangler.json": `{"name": "wrong"}`},
		Links: map[string]string{"through": "real/app"},
	}
	require.NoError(t, p.Write(dir))
	c, err := wrangler.Load(wrangler.Options{Dir: filepath.Join(dir, "through")})
	require.NoError(t, err)
	require.Equal(t, "real", c.Name())
}

// TestDeploySecrets resolves with secrets that are in memory, and names of those that the Worker has.
func TestDeploySecrets(t *testing.T) {
	files := map[string]string{
		"wrangler.json": `{"vars": {"A": "var"}, "secrets": {"required": ["B", "C"]}}`,
		"s.env":         "B=file\nD=file",
	}
	secrets := binding.EnvOf(map[string]string{"A": "memory", "B": "memory"})
	for _, test := range []struct {
		name    string
		options wrangler.DeployOptions
		want    string // names with kinds and values, then the text of findings
	}{
		{"in memory over a file", wrangler.DeployOptions{Secrets: secrets, SecretsFile: "s.env"},
			"A secret_text memory, B secret_text memory, C inherit , D secret_text file"},
		{"in the Worker", wrangler.DeployOptions{Secrets: secrets, RemoteSecrets: []string{"C"}},
			"A secret_text memory, B secret_text memory, C inherit "},
		{"nowhere", wrangler.DeployOptions{Secrets: secrets, RemoteSecrets: []string{}},
			"A secret_text memory, B secret_text memory, C inherit : the deployed Worker does not have the required " +
				"secret C, so Cloudflare refuses the upload; use wrangler secret put C"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := wrangler.Load(wrangler.Options{FS: tree(files)})
			require.NoError(t, err)
			r, err := c.Deploy(test.options)
			require.NoError(t, err)
			var got []string
			for b := range r.Set().All() {
				v, _ := b.Value()
				got = append(got, b.Name()+" "+string(b.Kind())+" "+v.Reveal())
			}
			text := strings.Join(got, ", ")
			for _, f := range r.Findings() {
				text += ": " + f.Text
			}
			require.Equal(t, test.want, text)
			_, err = r.Env()
			require.EqualError(t, err, "C: nothing to inherit; only the deployed version has the values: see Set.Inherit")
			require.NotContains(t, fmt.Sprintf("%+v %#v", test.options, test.options), "memory")
		})
	}
}

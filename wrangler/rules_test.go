package wrangler_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/projectgen"
	"github.com/workerenv/workerenv/wrangler"
)

var update = flag.Bool("update", false, "write docs/findings.md")

// exampleOf returns the project of a rule's example.
func exampleOf(t *testing.T, example string) wrangler.Options {
	t.Helper()
	files, name := fstest.MapFS{}, ""
	o := wrangler.Options{FS: files}
	for line := range strings.Lines(example) {
		text, isCall := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "$ ")
		environment, isEnvironment := strings.CutPrefix(text, "--env ")
		dir, isDir := strings.CutPrefix(text, "-C ")
		marked, isMark := strings.CutPrefix(text, "-- ")
		switch {
		case isCall && isEnvironment:
			o.Environment = &environment
		case isCall && text == "--pages":
			o.Pages = true
		case isCall && isDir:
			o.Dir = dir
		case isCall:
			o.Environ = append(o.Environ, text)
		case isMark:
			name = strings.TrimSuffix(marked, " --")
			files[name] = &fstest.MapFile{}
		default:
			require.NotEmpty(t, name)
			files[name].Data = append(files[name].Data, line...)
		}
	}
	return o
}

// TestRules checks that the example of each rule has a finding of it, with its severity.
func TestRules(t *testing.T) {
	rules := wrangler.Rules()
	require.True(t, slices.IsSortedFunc(rules,
		func(a, b wrangler.RuleInfo) int { return strings.Compare(string(a.Rule), string(b.Rule)) }))
	for _, rule := range rules {
		require.NotEmpty(t, rule.Meaning)
		require.NotEmpty(t, rule.Cure)
		if rule.Example == "" {
			continue
		}
		t.Run(string(rule.Rule), func(t *testing.T) {
			findings := wrangler.Check(exampleOf(t, rule.Example))
			require.True(t, slices.ContainsFunc(findings, func(f wrangler.Finding) bool {
				return f.Rule == rule.Rule && f.Severity == rule.Severity
			}), "%+v", findings)
		})
	}
}

// TestRulesAreListed checks that each rule that the code names is in the table.
func TestRulesAreListed(t *testing.T) {
	var listed []string
	for _, rule := range wrangler.Rules() {
		listed = append(listed, string(rule.Rule))
	}
	for _, file := range []string{"rules.go", "internal/config/problem.go"} {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`Rule = "([^"]+)"`).FindAllStringSubmatch(string(src), -1) {
			require.Contains(t, listed, m[1])
		}
	}
}

// TestFindingsDocument compares the table in docs/findings.md with the rules. Run it with -update to write the table.
func TestFindingsDocument(t *testing.T) {
	const file, begin, end = "../docs/findings.md", "<!-- wrangler: begin -->\n", "<!-- wrangler: end -->\n"
	document, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(document), begin)
	require.True(t, ok)
	table, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	want := rulesTable()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+want+end+after), 0o666))
		return
	}
	require.Equal(t, want, table)
}

// rulesTable returns the rules as a Markdown table.
func rulesTable() string {
	var b strings.Builder
	b.WriteString("| rule | severity | meaning | example | what to do |\n|---|---|---|---|---|\n")
	for _, r := range wrangler.Rules() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.Rule, r.Severity, cell(r.Meaning), code(r.Example), cell(r.Cure))
	}
	return b.String()
}

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", `\`, `\\`, "_", `\_`).Replace(s)
}

// code returns the lines of s as code in a cell of a table.
func code(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, "`"+strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "|", `\|`)+"`")
	}
	return strings.Join(lines, "<br>")
}

// alarms are the projects that were checked, those among them that have a warning, and the
// number of warnings of each rule.
type alarms struct {
	projects, alarmed int
	rules             map[wrangler.Rule]int
}

// add counts the warnings about a project that wrangler accepts without one. Those that wrangler prints as well are no
// alarms, nor are those about the text of a local file, which package devvars counts.
func (a *alarms) add(findings []wrangler.Finding) {
	a.projects++
	alarmed := false
	for _, f := range findings {
		if f.Severity == wrangler.SeverityWarning && isOurs(f.Rule) {
			a.rules[f.Rule]++
			alarmed = true
		}
	}
	if alarmed {
		a.alarmed++
	}
}

// printed are the rules of warnings that wrangler prints as well.
var printed = []wrangler.Rule{
	"not-inherited", "unknown-environment", "unknown-field", wrangler.RuleManyEnvironments, wrangler.RuleMissingSecret,
	wrangler.RuleNoConfig,
}

func isOurs(rule wrangler.Rule) bool {
	return !slices.Contains(printed, rule) && slices.ContainsFunc(wrangler.Rules(),
		func(r wrangler.RuleInfo) bool { return r.Rule == rule })
}

// planned are the rules of mistakes that the generator makes on purpose or by its few names: it
// gives one name to a JSON var and a local secret, puts CLOUDFLARE_ENV into .dev.vars, names vars
// TOKEN and API_KEY, puts references into vars, and requires other secrets than .dev.vars has.
var planned = []wrangler.Rule{wrangler.RuleTextOverJSON, wrangler.RuleSetting, wrangler.RuleSecretVar,
	wrangler.RuleReference, wrangler.RuleNotBound}

// TestNoFalseAlarms bounds the warnings about projects that are correct: at most one in twenty has one.
func TestNoFalseAlarms(t *testing.T) {
	a := alarms{rules: map[wrangler.Rule]int{}}
	g := projectgen.New(11)
	for a.projects < 1000 {
		p := g.Calm()
		files := fstest.MapFS{}
		for name, text := range p.Files {
			if !strings.HasSuffix(name, "/") {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		o := wrangler.Options{FS: files, Dir: p.Args.Dir, Environment: p.Args.Env, EnvFiles: p.Args.EnvFiles,
			Environ: p.Args.Process, Script: p.Args.Script}
		if p.Args.Config != nil {
			o.Config = *p.Args.Config
		}
		o.FS = settled(files, o)
		findings := wrangler.Check(o)
		if !slices.ContainsFunc(findings, func(f wrangler.Finding) bool { return f.Severity == wrangler.SeverityError }) {
			a.add(slices.DeleteFunc(findings, func(f wrangler.Finding) bool { return slices.Contains(planned, f.Rule) }))
		}
	}
	t.Logf("generated: %d of %d projects have a warning: %v", a.alarmed, a.projects, a.rules)
	require.LessOrEqual(t, a.alarmed*20, a.projects)
}

// isAccepted reports whether wrangler accepted a project in all the commands that were recorded, without a warning.
func isAccepted(t *testing.T, f fixture) bool {
	var dev recordedEnv
	var deployed recordedUpload
	hasDev, hasDeploy := f.read(t, "dev.json", &dev), f.read(t, "deploy.json", &deployed)
	return (hasDev || hasDeploy) && (!hasDev || dev.Env != nil && dev.Warnings == nil) &&
		(!hasDeploy || deployed.Bindings != nil && deployed.Warnings == nil)
}

// mistaken are the recorded projects with a mistake that wrangler does not warn of, and the rule
// of it: they were recorded to find out what wrangler does then.
var mistaken = map[string]wrangler.Rule{
	"deploy-redirect":                             wrangler.RuleRedirectStale,
	"deploy-redirect-many-environments":           wrangler.RuleRedirectStale,
	"deploy-redirect-target-env":                  wrangler.RuleRedirectStale,
	"deploy-script-above":                         wrangler.RuleOtherConfig,
	"deploy-script-below-redirect":                wrangler.RuleRedirectStale,
	"deploy-var":                                  wrangler.RuleTextOverJSON,
	"devvars-local-suffix-ignored":                wrangler.RuleUnreadFile,
	"devvars-proto-key":                           wrangler.RuleNotBound,
	"disc-far-json-beats-near-toml":               wrangler.RuleOtherConfig,
	"disc-json-beats-jsonc-and-toml":              wrangler.RuleOtherConfig,
	"disc-jsonc-beats-toml":                       wrangler.RuleOtherConfig,
	"dotenv-in-config-dir-not-cwd":                wrangler.RuleUnreadFile,
	"env-CLOUDFLARE_ENV":                          wrangler.RuleUnreadFile,
	"env-CLOUDFLARE_ENV-dot-env":                  wrangler.RuleUnreadFile,
	"kv-name-not-overridden-by-secret":            wrangler.RuleNotBound,
	"secrets-empty-object":                        wrangler.RuleNotBound,
	"secrets-required-devvars-blocks-process-env": wrangler.RuleNotPassed,
	"secrets-required-filters":                    wrangler.RuleNotBound,
	"secrets-required-proto-names":                wrangler.RuleNotBound,
	"secrets-unknown-field":                       wrangler.RuleNotBound,
	"vars-overridden-keeps-position":              wrangler.RuleTextOverJSON,
}

// TestNoFalseAlarmsRecorded does the same with the recorded projects that wrangler accepts without a warning.
func TestNoFalseAlarmsRecorded(t *testing.T) {
	a := alarms{rules: map[wrangler.Rule]int{}}
	for _, folder := range []string{fixtures, recorded} {
		eachFixture(t, folder, func(t *testing.T, f fixture) {
			if !isAccepted(t, f) {
				return
			}
			findings := wrangler.CheckWith(f.commandLine(t), wrangler.CheckOptions{Dev: wrangler.DevOptions{Vars: f.CLIVars}})
			planned, known := mistaken[path.Base(f.dir)]
			require.Equal(t, known, slices.ContainsFunc(findings, func(f wrangler.Finding) bool {
				return f.Severity == wrangler.SeverityWarning && f.Rule == planned
			}))
			a.add(slices.DeleteFunc(findings, func(f wrangler.Finding) bool { return f.Rule == planned }))
		})
	}
	t.Logf("recorded: %d of %d projects have a warning: %v", a.alarmed, a.projects, a.rules)
	require.LessOrEqual(t, 20*a.alarmed, a.projects)
}

// settled returns the files of a project that wrangler reads, so that what is left is a project without mistakes in the
// places and names of files.
func settled(files fstest.MapFS, o wrangler.Options) fstest.MapFS {
	c, err := wrangler.Load(o)
	if err != nil {
		return files
	}
	r, err := c.Dev(wrangler.DevOptions{})
	if err != nil {
		return files
	}
	keep := map[string]bool{strings.TrimPrefix(c.Path(), "/"): true}
	for _, name := range r.Names() {
		for _, candidate := range r.Explain(name).Candidates {
			if candidate.Outcome != wrangler.Dropped && candidate.Source.File != "" {
				keep[path.Join(o.Dir, candidate.Source.File)] = true
			}
		}
	}
	kept := fstest.MapFS{}
	for name, file := range files {
		if keep[name] || strings.HasSuffix(name, ".js") {
			kept[name] = file
		}
	}
	return kept
}

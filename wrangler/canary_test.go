package wrangler_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/projectgen"
	"github.com/workerenv/workerenv/wrangler"
)

// canary and canaryNumber stand for every value of a project, and nowhere else.
const (
	canary       = "Zq7wX0pLm9Vt"
	canaryNumber = "48151623421"
)

// needles are the canaries as printers, encoders and dumpers may write them.
var needles = func() []string {
	var list []string
	for _, text := range []string{canary, canaryNumber} {
		b := []byte(text)
		list = append(list, text, hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)),
			strings.Trim(fmt.Sprint(b), "[]"),
			strings.Trim(fmt.Sprintf("%#v", b), "[]byte{}"), strings.Trim(fmt.Sprintf("%x", []int32(bytesToRunes(b))), "[]"))
		for shift := range 3 {
			encoded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), b...))
			list = append(list, encoded[4:len(encoded)-4])
		}
	}
	return list
}()

func bytesToRunes(b []byte) []rune { return []rune(string(b)) }

func leaked(output string) string {
	for _, needle := range needles {
		if strings.Contains(output, needle) {
			return needle
		}
	}
	return ""
}

// The places where a text or a number is a value. Names and paths are none: they may be shown.
// Nor are those planted that have to be well-formed for the rest to count.
var (
	inLocal   = regexp.MustCompile("(?m)^(\\s*(?:export\\s+)?([\\w.-]+)\\s*(?:=|:[ \\t])[ \\t]*[\"'`]?)")
	inJSON    = regexp.MustCompile(`("((?:[^"\\\n]|\\.)*)"\s*:\s*")`)
	inTOML    = regexp.MustCompile(`(?m)^(\s*([\w.-]+|"[^"\n]*"|'[^'\n]*')\s*=\s*["'])`)
	numbers   = regexp.MustCompile(`([:=]\s*)-?\d+\b`)
	keptField = regexp.MustCompile(`(^|\.)(binding|name|type|configPath|targetEnvironment|compatibility_date|bucket_name)$`)
	unquoter  = strings.NewReplacer(`"`, "", `'`, "", `\u0062`, "b", `\u006e`, "n")
)

// planted returns the text of a file with a canary in every value.
func planted(path, text string) string {
	pattern := inLocal
	switch {
	case path == "args.json":
		return text
	case strings.HasSuffix(path, ".json"), strings.HasSuffix(path, ".jsonc"):
		pattern = inJSON
	case strings.HasSuffix(path, ".toml"):
		pattern = inTOML
	}
	text = pattern.ReplaceAllStringFunc(text, func(m string) string {
		key := unquoter.Replace(pattern.FindStringSubmatch(m)[2])
		if keptField.MatchString(key) || strings.HasPrefix(key, "CLOUDFLARE_") {
			return m
		}
		return m + canary
	})
	if pattern == inLocal {
		return text
	}
	return numbers.ReplaceAllString(text, "${1}"+canaryNumber)
}

// watched is a project that is resolved in every way while nothing may show a value.
type watched struct {
	options wrangler.Options
	dev     wrangler.DevOptions
	deploy  wrangler.DeployOptions
}

// outputs are all that can be printed about a project without asking for a value.
func (w watched) outputs() string {
	var b bytes.Buffer
	show := func(values ...any) {
		for _, v := range values {
			fmt.Fprintf(&b, "%v\n%+v\n%#v\n%s\n%q\n%x\n%d\n", v, v, v, v, v, v, v)
			data, err := json.Marshal(v)
			fmt.Fprintf(&b, "%s %v\n", data, err)
			slog.New(slog.NewTextHandler(&b, nil)).Info("it", "v", v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("it", "v", v)
		}
	}
	showError := func(err error) {
		show(err, wrangler.Findings(err))
		if err != nil {
			fmt.Fprintln(&b, err.Error())
		}
	}
	show(wrangler.Check(w.options))
	env, err := wrangler.DevEnv(w.options)
	showError(err)
	show(env)
	c, err := wrangler.Load(w.options)
	showError(err)
	if err != nil {
		return b.String()
	}
	show(c, *c, c.Exists(), c.Name(), c.Findings(), c.Environments())
	dev, err := c.Dev(w.dev)
	showError(err)
	deployed, err := c.Deploy(w.deploy)
	showError(err)
	for _, r := range []*wrangler.Resolution{dev, deployed} {
		if r == nil {
			continue
		}
		show(r, *r, r.Findings(), r.Bindings(), r.Set(), r.Names())
		for _, name := range r.Names() {
			e := r.Explain(name)
			source, _ := r.Source(name)
			show(e, e.Candidates, source)
		}
		env, err := r.Env()
		showError(err)
		show(env)
	}
	return b.String()
}

// plantedFlags plants a canary in the values of --var and --binding. A flag without a separator is a name alone.
func plantedFlags(flags []string, separator string) []string {
	var list []string
	for _, flag := range flags {
		if strings.Contains(flag, separator) {
			flag += canary
		}
		list = append(list, flag)
	}
	return list
}

func requireSilence(t *testing.T, w watched) {
	t.Helper()
	output := w.outputs()
	needle := leaked(output)
	if needle == "" {
		return
	}
	at := strings.Index(output, needle)
	t.Fatalf("a value is shown as %q in ...%s...", needle, output[max(0, at-300):min(len(output), at+100)])
}

// resolvedCanaries reports whether the canaries are in the bindings. If not, the test could not find a leak.
func resolvedCanaries(w watched) bool {
	r, err := resolve(w.options, w.dev)
	if err != nil {
		return false
	}
	for _, b := range r.Bindings() {
		if v, ok := b.Value(); ok && leaked(v.Reveal()) != "" {
			return true
		}
	}
	return false
}

func TestNoValueOfAFixtureIsShown(t *testing.T) {
	heard := 0
	for _, folder := range []string{fixtures, recorded} {
		eachFixture(t, folder, func(t *testing.T, f fixture) {
			w := watched{options: f.commandLine(t),
				dev: wrangler.DevOptions{Vars: plantedFlags(f.CLIVars, ":"), PagesBindings: plantedFlags(f.PagesBindings, "=")}}
			w.deploy = f.deployOptions()
			w.deploy.Vars = w.dev.Vars
			if _, err := os.Stat(filepath.Join(f.dir, "pages.json")); err == nil {
				w.options.Pages, w.options.Script = true, ""
			}
			w.options.Environ = plantedProcess(w.options.Environ)
			dir := t.TempDir()
			plantTree(t, f.dir, dir)
			w.options.Dir = filepath.Join(dir, f.CWD)
			requireSilence(t, w)
			if resolvedCanaries(w) {
				heard++
			}
		})
	}
	require.Greater(t, heard, 150)
}

// plantedProcess plants a canary in all variables but those that select an environment.
func plantedProcess(process []string) []string {
	var list []string
	for _, entry := range process {
		if !strings.HasPrefix(entry, "CLOUDFLARE_") {
			entry += canary
		}
		list = append(list, entry)
	}
	return list
}

func plantTree(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		require.NoError(t, err)
		relative, err := filepath.Rel(from, path)
		require.NoError(t, err)
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return os.WriteFile(target, []byte(planted(filepath.ToSlash(relative), string(text))), 0o644)
	}))
}

func TestNoValueOfAGeneratedProjectIsShown(t *testing.T) {
	heard := 0
	g := projectgen.New(4)
	for i := range 250 {
		p := g.Project()
		if i%3 == 0 {
			p = g.Calm()
		}
		for path, text := range p.Files {
			p.Files[path] = planted(path, text)
		}
		w := watched{options: liveProject{p, p.Args.Dir}.commandOptions(),
			dev: wrangler.DevOptions{Vars: plantedFlags(p.Args.Vars, ":")}}
		w.options.FS, w.options.Environ = tree(p.Files), plantedProcess(w.options.Environ)
		w.deploy = wrangler.DeployOptions{Vars: w.dev.Vars, SecretsFile: p.Args.SecretsFile,
			RemoteSecrets: []string{"A", "B", "S"}, Strict: i%2 == 0}
		requireSilence(t, w)
		if resolvedCanaries(w) {
			heard++
		}
	}
	require.Greater(t, heard, 80)
}

// TestCanaryCanBeSeen is the control: what asks for values gets them, and the search finds them.
func TestCanaryCanBeSeen(t *testing.T) {
	for _, output := range []string{canary, fmt.Sprint([]byte("x" + canary)), fmt.Sprintf("%x", canary),
		base64.StdEncoding.EncodeToString([]byte("xy" + canary + "z"))} {
		require.NotEmpty(t, leaked(output), output)
	}
	require.Equal(t, `{"vars": {"A": "`+canary+`a", "N": `+canaryNumber+`}, "name": "w"}`,
		planted("wrangler.json", `{"vars": {"A": "a", "N": 1}, "name": "w"}`))
	require.Equal(t, "name = 'w'\nA = '"+canary+"a'\nN = "+canaryNumber+"\n",
		planted("wrangler.toml", "name = 'w'\nA = 'a'\nN = 1\n"))
	require.Equal(t, "export A=\""+canary+"a\"\nB: "+canary+"b\n", planted(".dev.vars", "export A=\"a\"\nB: b\n"))
}

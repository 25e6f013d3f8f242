//go:build unix

package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/projectgen"
)

// varCanary is in the vars of broken projects. Only the column of values may show it.
const varCanary = "v4rval"

// brokenProject is a valid project and the changes made to it.
type brokenProject struct {
	projectgen.Project
	breaks []string
	args   []string // of every call
	after  []func(t *testing.T, root string)
}

// breaker makes broken projects.
type breaker struct {
	r *rand.Rand
	g *projectgen.Generator
}

func newBreaker(seed uint64) *breaker {
	return &breaker{rand.New(rand.NewPCG(seed, 2)), projectgen.New(seed)}
}

func choose[T any](b *breaker, from []T) T { return from[b.r.IntN(len(from))] }

// project makes a project and breaks it one to three times. No canary becomes a name, since names are shown.
func (b *breaker) project() *brokenProject {
	for {
		p := &brokenProject{Project: b.good()}
		p.args = flagsOf(p.Args)
		for range 1 + b.r.IntN(3) {
			b.breakOnce(p)
		}
		if !p.hasCanaryName() {
			return p
		}
	}
}

// canaryName matches text that can be a key or a table name in a configuration.
var canaryName = regexp.MustCompile(canary + `[\w.-]*["']?\s*[:=\]]`)

// hasCanaryName reports whether a canary is in a name, as that of TOKEN=c4n4ry=x is after a flipped bit:
// TOKEN-c4n4ry=x.
func (p *brokenProject) hasCanaryName() bool {
	for path, text := range p.Files {
		if strings.HasPrefix(filepath.Base(path), "wrangler.") && canaryName.MatchString(text) {
			return true
		}
		for entry := range devvars.Parse([]byte(text)).Assignments() {
			if strings.Contains(entry.Key(), canary) {
				return true
			}
		}
	}
	return false
}

// good makes a valid project whose secrets are all canaries: a generated one, or a complete one.
func (b *breaker) good() projectgen.Project {
	if b.r.IntN(3) == 0 {
		return b.complete()
	}
	p := b.g.Project()
	for path, text := range p.Files {
		if name := filepath.Base(path); !strings.HasSuffix(path, "/") &&
			(strings.HasPrefix(name, ".dev.vars") || strings.Contains(name, ".env")) {
			p.Files[path] = b.planted(text)
		}
	}
	for i, entry := range p.Args.Process {
		if name, _, _ := strings.Cut(entry, "="); !strings.HasPrefix(name, "CLOUDFLARE_") {
			p.Args.Process[i] = name + "=" + canary
		}
	}
	return p
}

// planted returns a file of secrets with a canary before each value. Wrangler's own variables mostly keep their
// values, so that they have an effect.
func (b *breaker) planted(text string) string {
	f := devvars.Parse([]byte(text))
	values := maps.Collect(f.All())
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if kept := strings.HasPrefix(name, "CLOUDFLARE_") && b.r.IntN(4) != 0; !kept &&
			f.Set(name, canary+values[name]) != nil {
			f.Delete(name)
		}
	}
	var lines strings.Builder
	for name, value := range f.All() { // without the text between the assignments, which would look like values
		quoted, err := devvars.Quote(value)
		if err == nil {
			lines.WriteString(name + "=" + quoted + "\n")
		}
	}
	return lines.String()
}

// complete makes a project with everything in it, in a format at random.
func (b *breaker) complete() projectgen.Project {
	p := projectgen.Project{Files: map[string]string{}, Links: map[string]string{}, Args: oracle.Project{Dir: "."}}
	p.Files[choose(b, []string{"wrangler.json", "wrangler.jsonc"})] = completeJSON
	if b.r.IntN(2) == 0 {
		p.Files = map[string]string{"wrangler.toml": completeTOML}
	}
	p.Files[".wrangler/deploy/config.json"] = `{"configPath": "../../dist/wrangler.json"}`
	p.Files["dist/wrangler.json"] = completeJSON
	if b.r.IntN(2) == 0 {
		delete(p.Files, ".wrangler/deploy/config.json")
	}
	p.Files[choose(b, []string{".dev.vars", ".dev.vars", ".dev.vars.staging"})] = completeSecrets
	p.Files[".env"] = completeSecrets + "REFERENCE=${SECRET}$QUOTED\n"
	p.Files[".env.local"] = "SECRET=" + canary + "\n"
	p.Files["secrets.json"] = `{"SECRET": "` + canary + `", "TOKEN": "` + canary + `", "NONE": null}`
	if b.r.IntN(2) == 0 {
		p.Args.Env = new("staging")
	}
	p.Args.SecretsFile = choose(b, []string{"", "secrets.json", ".env"})
	p.Args.Process = oracle.Process{"SECRET=" + canary, "OTHER=" + canary}
	return p
}

const completeJSON = `{
	"name": "w", "main": "index.js", "compatibility_date": "2026-11-01", // a comment
	"vars": { "TEXT": "v4rval", "NUMBER": 12.5e-3, "LIST": [1, "v4rval", null, { "deep": ["v4rval"] }],
		"ESCAPED": "v4rval\u0041\n" },
	"kv_namespaces": [{ "binding": "KV", "id": "c4n4ry" }],
	"d1_databases": [{ "binding": "DB", "database_name": "db", "database_id": "c4n4ry" }],
	"unsafe": { "bindings": [{ "name": "KEY", "type": "secret_key", "key": "c4n4ry" }] },
	"secrets": { "required": ["SECRET", "TOKEN"] },
	"env": { "staging": { "vars": { "TEXT": "v4rval" }, "secrets": { "required": ["SECRET"] } }, "other": {} }
}
`

const completeTOML = `name = "w"
main = "index.js"
compatibility_date = "2026-11-01"

[vars]
TEXT = "v4rval"
NUMBER = 12.5e-3
LIST = [1, "v4rval", { deep = ["v4rval"] }]
ESCAPED = "v4rval\u0041\n"
LONG = """
v4rval"""

[[kv_namespaces]]
binding = "KV"
id = "c4n4ry"

[secrets]
required = ["SECRET", "TOKEN"]

[env.staging.vars]
TEXT = 'v4rval'
`

const completeSecrets = "# a comment\nSECRET=c4n4ry\nexport QUOTED=\"c4n4ry \\n c4n4ry\"\n" +
	"SINGLE='c4n4ry # c4n4ry' # a comment\nBACK=`c4n4ry \"c4n4ry\"`\n" +
	"TOKEN: c4n4ry\nEMPTY=\nSECRET=c4n4ry again\n"

// flagsOf returns the flags that all calls share.
func flagsOf(a oracle.Project) []string {
	var flags []string
	if a.Env != nil {
		flags = append(flags, "--env", *a.Env)
	}
	if a.Config != nil {
		flags = append(flags, "--config", *a.Config)
	}
	for _, file := range a.EnvFiles {
		flags = append(flags, "--env-file", file)
	}
	for _, v := range a.Vars {
		flags = append(flags, "--var", v)
	}
	return flags
}

// breakOnce breaks a text, a whole file, or the flags.
func (b *breaker) breakOnce(p *brokenProject) {
	switch n := b.r.IntN(10); {
	case n < 7:
		b.breakText(p)
	case n < 9:
		b.breakFile(p)
	default:
		flag := choose(b, wrongFlags)
		p.args, p.breaks = append(p.args, flag...), append(p.breaks, fmt.Sprintf("flags %q", flag))
	}
}

var wrongFlags = [][]string{
	{"--no-such-flag"}, {"--env"}, {"--env", "a", "--env", "b"}, {"argument"}, {"--json=maybe"}, {"--env-file", ""},
	{"--env-file", "/"}, {"--config", ""},
	{"--config", "."}, {"--config", ".dev.vars"}, {"--config", "\x00"}, {"--env", "\xff\x00"}, {"--var", ""},
	{"--var", "=:"}, {"--var", "A"}, {"-C", ".."}, {"-C", ""},
	{"--env", strings.Repeat("e", 1<<12)}, {"--env-file", strings.Repeat("../", 500) + ".env"},
	{"--script", "../../x"}, {"--", "x"}, {"-"}, {"---"}, {"--=x"},
}

// texts returns the paths of the text files.
func (p *brokenProject) texts() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.Files)),
		func(path string) bool { return strings.HasSuffix(path, "/") || p.Files[path] == "" })
}

func (b *breaker) breakText(p *brokenProject) {
	paths := p.texts()
	if len(paths) == 0 {
		return
	}
	path, name := choose(b, paths), choose(b, slices.Sorted(maps.Keys(textBreaks)))
	text := p.Files[path]
	p.Files[path] = textBreaks[name](b, text, b.r.IntN(len(text)))
	p.breaks = append(p.breaks, name+" in "+path)
}

// textBreaks break a text at an offset.
var textBreaks = map[string]func(b *breaker, text string, at int) string{
	"truncation": func(b *breaker, text string, at int) string { return text[:at] },
	"lost start": func(b *breaker, text string, at int) string { return text[at:] },
	"flipped bit": func(b *breaker, text string, at int) string {
		return text[:at] + string([]byte{text[at] ^ 1<<b.r.IntN(8)}) + text[at+1:]
	},
	"lost byte":     func(b *breaker, text string, at int) string { return text[:at] + text[at+1:] },
	"junk":          func(b *breaker, text string, at int) string { return text[:at] + choose(b, junk) + text[at:] },
	"junk in place": func(b *breaker, text string, at int) string { return text[:at] + choose(b, junk) + text[at+1:] },
	"twice":         func(b *breaker, text string, at int) string { return text + text },
	"repetition": func(b *breaker, text string, at int) string {
		return text[:at] + strings.Repeat(text[at:], 1+b.r.IntN(5))
	},
	"BOM": func(b *breaker, text string, at int) string {
		return choose(b, []string{"\ufeff", "\xff\xfe", "\xfe\xff", "\ufeff\ufeff"}) + text
	},
	"UTF-16": func(b *breaker, text string, at int) string {
		return "\xff\xfe" + strings.Join(strings.Split(text, ""), "\x00")
	},
	"nesting": func(b *breaker, text string, at int) string {
		return text[:at] + strings.Repeat(choose(b, nests), 1<<b.r.IntN(13)) + text[at:]
	},
	"line ends": func(b *breaker, text string, at int) string {
		return strings.ReplaceAll(text, "\n", choose(b, []string{"\r", "\r\n", "\u2028", ""}))
	},
}

var junk = []string{
	"\x00", "\x00\x00\x00\x00", "\xff", "\xc3", "\xed\xa0\x80", "\u2028", "\r", "\"", "'", "`", "\\", "\\u",
	"\\ud800", "{", "}", "[", "]", ",", ":", "=", "#", "/*", "//", "$",
	"${", "${A:-", "1e999", "-", "9223372036854775808", "0x", "1e-99999999", "99999999999999999999999999",
	strings.Repeat("9", 5000), "nan", "__proto__", "\"__proto__\":{},",
	"null", "[[", "]]", "\"\"\"", "2026-99-99", "\x1b[2J", "\u202e", "\U0010ffff",
}

var nests = []string{"[", "{\"a\":", "[[a]]\n", "a.", "\"", "${A:-", "(", "{a=", "\\"}

func (b *breaker) breakFile(p *brokenProject) {
	paths := p.texts()
	if len(paths) == 0 {
		return
	}
	path, name := choose(b, paths), choose(b, slices.Sorted(maps.Keys(fileBreaks)))
	p.breaks = append(p.breaks, name+" for "+path)
	p.after = append(p.after, func(t *testing.T, root string) {
		file := filepath.Join(root, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.RemoveAll(file))
		fileBreaks[name](t, file, p.Files[path])
	})
}

// fileBreaks replace a file by something else.
var fileBreaks = map[string]func(t *testing.T, file, text string){
	"nothing":     func(t *testing.T, file, _ string) {},
	"empty":       func(t *testing.T, file, _ string) { require.NoError(t, os.WriteFile(file, nil, 0o644)) },
	"directory":   func(t *testing.T, file, _ string) { require.NoError(t, os.Mkdir(file, 0o755)) },
	"loop":        func(t *testing.T, file, _ string) { require.NoError(t, os.Symlink(filepath.Base(file), file)) },
	"way up":      func(t *testing.T, file, _ string) { require.NoError(t, os.Symlink("..", file)) },
	"broken link": func(t *testing.T, file, _ string) { require.NoError(t, os.Symlink("missing", file)) },
	"null":        func(t *testing.T, file, _ string) { require.NoError(t, os.Symlink("/dev/null", file)) },
	"endless":     func(t *testing.T, file, _ string) { require.NoError(t, os.Symlink("/dev/zero", file)) },
	"unreadable":  func(t *testing.T, file, text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0)) },
	"redirect to itself": func(t *testing.T, file, _ string) {
		require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `{"configPath": %q}`, filepath.Base(file)), 0o644))
	},
	"link to a folder that links back": func(t *testing.T, file, _ string) {
		back := filepath.Join(file+".d", "back")
		require.NoError(t, os.MkdirAll(file+".d", 0o755))
		require.NoError(t, os.RemoveAll(back))
		require.NoError(t, os.Symlink(file, back))
		require.NoError(t, os.Symlink(back, file))
	},
	"socket": func(t *testing.T, file, _ string) {
		if l, err := net.Listen("unix", file); err == nil { // the path may be too long for one
			l.(*net.UnixListener).SetUnlinkOnClose(false)
			l.Close()
		}
	},
}

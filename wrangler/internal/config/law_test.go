package config_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// TestNoValueInProblems puts a canary in the place of values, and looks for it in what is reported.
func TestNoValueInProblems(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(5, 5))}
	reported := 0
	for i := range 1500 {
		q := g.request(i)
		var v any
		if err := json.Unmarshal([]byte(q.Raw), &v); err != nil {
			continue // a number beyond what Go's float64 takes
		}
		q.Raw = marshal(g.canaries(v, ""))
		_, problems := normalize(t, q)
		reported += len(problems)
		for _, p := range problems {
			if s := fmt.Sprintf("%+v", p); strings.Contains(s, "c4nary") || strings.Contains(s, "918273") {
				t.Fatalf("%s\nfrom %s", s, q.Raw)
			}
		}
	}
	if reported < 1500 {
		t.Errorf("only %d problems", reported)
	}
}

// canaries replaces some of the values. What stands at path is a name if messages may show it.
func (g *generator) canaries(v any, path string) any {
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			v[name] = g.canaries(e, path+"."+name)
		}
		return v
	case []any:
		for i, e := range v {
			v[i] = g.canaries(e, path+"[]")
		}
		return v
	}
	if isBindingName(path) || !g.chance(0.5) {
		return v
	}
	return []any{fmt.Sprintf("c4nary%d", g.IntN(9)), 918273.5, fmt.Sprintf("c4nary%d", g.IntN(9))}[g.IntN(3)]
}

// isBindingName reports whether the value at a path is the name of a binding or a secret.
func isBindingName(path string) bool {
	for _, end := range []string{
		".binding", ".durable_objects.bindings[].name", ".unsafe.bindings[].name", ".logfwdr.bindings[].name",
		".ratelimits[].name",
		".send_email[].name", ".secrets.required[]",
	} {
		if strings.HasSuffix(path, end) {
			return !strings.Contains(path, "vars.") && !strings.Contains(path, "_modules.") && !strings.Contains(path, "_blobs.")
		}
	}
	return false
}

// TestNormalizeLeavesInput requires that the input is unchanged, and that a second run has the same result.
func TestNormalizeLeavesInput(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(6, 6))}
	for i := range 400 {
		q := g.request(i)
		raw := decode(t, q.Raw)
		before := raw.JSON()
		o := config.Options{Path: q.Path, EnvFlag: q.Env}
		c, problems := config.Normalize(raw, o)
		if c != nil {
			config.Resources(c.Bindings)
		}
		if after := raw.JSON(); after != before {
			t.Fatalf("%s became %s", before, after)
		}
		again, second := config.Normalize(raw, o)
		if !reflect.DeepEqual(problems, second) || describe(c) != describe(again) {
			t.Fatalf("%s: the second run differs", q.Raw)
		}
	}
}

// describe shows all of a configuration, also what reflect.DeepEqual does not take for equal, such as NaN.
func describe(c *config.Config) string {
	if c == nil {
		return "nil"
	}
	var b strings.Builder
	b.WriteString(summary(c))
	for _, x := range c.Bindings {
		fmt.Fprintf(&b, "\n%q %q %s %d %s", x.Name, x.Type, x.Key, x.Offset,
			jsvalue.ObjectValue(x.Fields).JSON()+x.Value().JSON())
	}
	return b.String()
}

// TestOffsets requires that the offset of a problem is that of its cause.
func TestOffsets(t *testing.T) {
	for _, c := range []struct{ src, at, key string }{
		{`{"vars": <5}`, "5", "vars"},
		{`{"kv_namespaces": [{"binding": <5}]}`, "5", "kv_namespaces[0].binding"},
		{`{"kv_namespaces": [<{}]}`, "{}", "kv_namespaces[0].binding"},
		{`{"name": "a", <"name2": 1}`, `1`, "name2"},
		{`{"env": {"staging": {"vars": <null}}}`, "null", "env.staging.vars"},
		{`{"vars": {"A": 1}, "secrets": {"required": ["B", <"A"]}}`, `"A"`, "secrets.required[1]"},
	} {
		src := strings.Replace(c.src, "<", "", 1)
		raw, err := syntax.Parse([]byte(src), syntax.JSONC)
		if err != nil {
			t.Fatal(err)
		}
		staging := "staging"
		_, problems := config.Normalize(raw, config.Options{Path: "wrangler.json", EnvFlag: &staging})
		found := false
		for _, p := range problems {
			if p.Key == c.key && p.Offset >= 0 {
				found = found || strings.HasPrefix(src[p.Offset:], c.at)
			}
		}
		if !found {
			t.Errorf("%s: %s is not at %s%s", src, c.key, c.at, show(problems))
		}
	}
}

// FuzzNormalize goes through whatever can be read.
func FuzzNormalize(f *testing.F) {
	for _, c := range corners {
		f.Add(c.raw, c.env, false)
	}
	f.Add("name = 'w'\n[vars]\nA = 2020-01-01\n[env.staging.vars]\n", "staging", true)
	f.Fuzz(func(t *testing.T, src, env string, toml bool) {
		format, path := syntax.JSONC, "wrangler.json"
		if toml {
			format, path = syntax.TOML, "wrangler.toml"
		}
		raw, err := syntax.Parse([]byte(src), format)
		if err != nil {
			return
		}
		o := config.Options{Path: path, EnvFlag: &env}
		c, problems := config.Normalize(raw, o)
		if c == nil && (len(problems) != 1 || problems[0].Severity != config.Error) {
			t.Errorf("an exception with %d problems", len(problems))
		}
		if c != nil {
			config.Resources(c.Bindings)
		}
		for _, p := range problems {
			if p.Text == "" || p.Rule == "" || p.Offset < -1 || p.Offset > len(src) {
				t.Errorf("%+v", p)
			}
		}
		if again, second := config.Normalize(raw, o); !reflect.DeepEqual(problems, second) || describe(c) != describe(again) {
			t.Error("the second run differs")
		}
	})
}

package config_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// normalize does what the request asks for.
func normalize(t testing.TB, q request) (*config.Config, []config.Problem) {
	t.Helper()
	raw := decode(t, q.Raw)
	if q.TOML {
		raw = decodeTOML(t, q.Raw)
	}
	o := config.Options{Path: "/project/" + q.Path, Redirected: q.Redirected, EnvFlag: q.Env, EnvVariable: q.Variable}
	return config.Normalize(raw, o)
}

// compare returns in what we differ from the real tool, "" if in nothing.
func compare(t testing.TB, q request, a answer) string {
	t.Helper()
	c, problems := normalize(t, q)
	refused := slices.ContainsFunc(problems, func(p config.Problem) bool { return p.Severity == config.Error })
	switch want := a.Failed || a.Thrown != "" || a.Error != ""; {
	case refused && !want:
		return "we refuse it: " + show(problems)
	case want && !refused:
		return "wrangler refuses it, and we do not"
	case refused:
		return ""
	}
	if got := summary(c); !sameJSON(got, string(a.Config)) {
		return "config: " + got
	}
	return compareBindings(c, a)
}

func show(problems []config.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "\n  %s %s: %s (%s)", p.Severity, p.Key, p.Text, p.Rule)
	}
	return b.String()
}

// summary is what testdata/oracle.js shows of a configuration.
func summary(c *config.Config) string {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	vars := [][2]any{}
	for _, v := range c.Vars {
		vars = append(vars, [2]any{v.Name, json.RawMessage(v.Value.JSON())})
	}
	var secrets any
	if c.Secrets != nil {
		names := map[string]any{}
		if len(c.Secrets.Required) > 0 {
			list := []string{}
			for _, s := range c.Secrets.Required {
				list = append(list, s.Name)
			}
			names["required"] = list
		}
		secrets = names
	}
	return marshal(map[string]any{
		"name": text(c.Name), "targetEnvironment": c.TargetEnvironment,
		"definedEnvironments": c.DefinedEnvironments, "vars": vars, "secrets": secrets, "keep_vars": c.KeepVars,
		"pages": c.Pages,
	})
}

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// sameJSON compares two JSON texts, taking what is empty, false or null for the same.
func sameJSON(a, b string) bool { return simplified(a) == simplified(b) }

func simplified(text string) string {
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return text
	}
	for name, v := range fields {
		if list, ok := v.([]any); v == nil || v == false || v == "" && name != "targetEnvironment" || ok && len(list) == 0 {
			delete(fields, name)
		}
	}
	for _, name := range []string{"topLevelName", "compatibility_date", "compatibility_flags"} {
		delete(fields, name)
	}
	if s, ok := fields["secrets"].(map[string]any); ok {
		if required, ok := s["required"].([]any); ok && len(required) == 0 {
			delete(s, "required")
		}
		for name := range s {
			if name != "required" {
				delete(s, name)
			}
		}
	}
	return marshal(fields)
}

// compareBindings requires the same bindings in the same order, and the same upload.
func compareBindings(c *config.Config, a answer) string {
	types := [][2]any{}
	for _, b := range c.Bindings {
		types = append(types, [2]any{b.Name, b.Type})
	}
	for i := range a.Types {
		if _, ok := a.Types[i][1].(string); !ok {
			a.Types[i][1] = ""
		}
	}
	if marshal(types) != marshal(a.Types) {
		return fmt.Sprintf("bindings: %v", types)
	}
	var got []string
	for _, r := range config.Resources(c.Bindings) {
		o := jsvalue.NewObject()
		o.Set("name", jsvalue.StringValue(r.Name))
		o.Set("type", jsvalue.StringValue(r.Kind))
		for k, v := range r.Attributes.All() {
			o.Set(k, v)
		}
		got = append(got, canonical(jsvalue.ObjectValue(o).JSON()))
	}
	isInherited := func(name any) bool {
		return slices.ContainsFunc(c.Bindings, func(b config.Binding) bool { return b.Name == name && b.Type == "inherit" })
	}
	var want []string
	for _, u := range a.Uploaded {
		var head struct {
			Name any // a text, but for some unsafe bindings
			Type string
		}
		if json.Unmarshal(u, &head) == nil && !isText(head.Type) && !isInherited(head.Name) {
			want = append(want, canonical(string(u)))
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		return "upload: " + strings.Join(got, "\n")
	}
	return ""
}

func isText(kind string) bool { return kind == "plain_text" || kind == "json" || kind == "secret_text" }

func canonical(text string) string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	return marshal(v)
}

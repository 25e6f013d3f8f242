package config_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
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
	o := config.Options{
		Path: "/project/" + q.Path, Redirected: q.Redirected, EnvFlag: q.Env, EnvVariable: q.Variable,
		DispatchNamespace: q.Dispatch, HideExperimental: q.Hide, ContainerRegistry: q.Registry,
	}
	if q.Files != nil {
		o.Exists = q.exists
	}
	if q.Script != nil {
		o.Script = *q.Script
	}
	return config.Normalize(raw, o)
}

// compare returns in what we differ from the real tool, "" if in nothing.
func compare(t testing.TB, q request, a answer) string {
	t.Helper()
	c, problems := normalize(t, q)
	if a.Thrown != "" {
		if c != nil || len(problems) != 1 || problems[0].Severity != config.Error {
			return fmt.Sprintf("the reference throws, and we do not: %s", show(problems))
		}
		if a.Thrown == "TypeError" != (problems[0].Rule == config.RuleJavaScript) {
			return "another exception: " + show(problems)
		}
		return ""
	}
	if c == nil {
		return "we throw: " + show(problems)
	}
	if diff := compareMessages(problems, a.Messages); diff != "" {
		return diff + show(problems)
	}
	if a.Failed {
		return ""
	}
	if got := summary(c); !sameJSON(got, string(a.Config)) {
		return "config: " + got
	}
	return compareBindings(c, a)
}

// exists knows the files of the request, and the directory that they are in.
func (q request) exists(path string) (isDir, ok bool) {
	path = filepath.ToSlash(path)
	if path == "/project" || path == "/" {
		return true, true
	}
	return false, slices.Contains(q.Files, strings.TrimPrefix(path, "/project/"))
}

func show(problems []config.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "\n  %s %s %s: %s (%s)", p.Severity, p.Env, p.Key, p.Text, p.Rule)
	}
	return b.String()
}

// summaries are messages of the reference that only sum up those before them. We have none such.
var summaries = []string{
	"Bindings must have unique names, so that they can all be referenced",
	"Allowed properties are: ",
	"has an invalid outbound definition.",
}

func isSummary(message string) bool {
	for _, s := range summaries {
		if strings.Contains(message, s) {
			return true
		}
	}
	return false
}

// compareMessages wants a problem for each message, in the same order, and about a field that the message names.
func compareMessages(problems []config.Problem, messages [][3]string) string {
	i := 0
	for _, m := range messages {
		if isSummary(m[1]) {
			continue
		}
		if i == len(problems) {
			return "we miss: " + m[1]
		}
		p := problems[i]
		i++
		if p.Severity.String() != m[0] {
			return fmt.Sprintf("problem %d has another severity", i-1)
		}
		if (m[2] != "") != (p.Env != "") {
			return fmt.Sprintf("problem %d is of another level", i-1)
		}
		if !mentions(m[1], p) {
			return fmt.Sprintf("problem %d is about something else than: %s", i-1, m[1])
		}
	}
	if i < len(problems) {
		return fmt.Sprintf("we have %d more", len(problems)-i)
	}
	return ""
}

// mentions reports whether the message names the last field of the problem's key, or the one before it.
func mentions(message string, p config.Problem) bool {
	switch p.Rule {
	case config.RuleUnique, config.RuleReserved, config.RuleEnvironment:
		return true
	}
	if strings.Contains(message, `The "paths[1]" argument must be of type string.`) || strings.Contains(message, "is a directory") {
		return strings.Contains(p.Key, "image")
	}
	parts := strings.FieldsFunc(p.Key, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	for i := len(parts) - 1; i >= 0 && i >= len(parts)-3; i-- {
		if strings.Contains(message, parts[i]) {
			return true
		}
	}
	return len(parts) == 0 || strings.Contains(message, "binding") || strings.HasSuffix(p.Key, ".")
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
		"name": text(c.Name), "topLevelName": text(c.TopLevelName), "targetEnvironment": c.TargetEnvironment,
		"definedEnvironments": c.DefinedEnvironments, "vars": vars, "secrets": secrets, "keep_vars": c.KeepVars,
		"pages": c.Pages, "compatibility_date": text(c.CompatibilityDate), "compatibility_flags": c.CompatibilityFlags,
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

// compareBindings wants the same bindings in the same order, and the same upload.
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
	resources, problems := config.Resources(c.Bindings)
	if len(problems) > 0 || a.Error != "" {
		if len(problems) == 0 || a.Error == "" {
			return "upload fails only once: " + show(problems)
		}
		return ""
	}
	var got []string
	for _, r := range resources {
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

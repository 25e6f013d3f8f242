package wrangler

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// varsFields are fields, in lower case, that users write for the field vars.
var varsFields = []string{
	"variables", "environment_variables", "environmentvariables", "env_vars", "envvars", "dev_vars", "devvars",
	"plain_text", "text",
}

// fieldFindings reports what a configuration has outside of the field vars and is probably meant as
// vars: names in capitals, which no field has, and fields of similar meaning. Wrangler ignores all
// of it, apart from what an environment lacks then.
func (p *project) fieldFindings(raw jsvalue.Value) []Finding {
	top := raw.Object()
	findings := p.levelFindings("", top)
	for name, environment := range top.Get("env").Object().All() {
		key := "env." + name
		switch selected := p.settings.TargetEnvironment; {
		case environment.Is(jsvalue.String):
			findings = append(findings, p.unknownField(top.Get("env").Object(), "env", name,
				`the members of "env" are environments; did you mean "vars"?`))
		case selected != nil && *selected == name:
			findings = append(findings, p.levelFindings(key+".", environment.Object())...)
		}
	}
	return findings
}

// levelFindings is fieldFindings for the top level or an environment, whose keys start with prefix.
func (p *project) levelFindings(prefix string, level *jsvalue.Object) []Finding {
	var findings []Finding
	unknown := func(o *jsvalue.Object, parent, name, text string) {
		findings = append(findings, p.unknownField(o, prefix+parent, name, text))
	}
	for name, v := range level.All() {
		switch {
		case conventional.MatchString(name) || v.Object() != nil && slices.Contains(varsFields, strings.ToLower(name)):
			unknown(level, "", name, `is a field that wrangler does not know; did you mean "vars"?`)
		case prefix == "" && isEnvironment(name, v.Object()):
			unknown(level, "", name, `is a field that wrangler does not know; did you mean "env.`+name+`"?`)
		case name == "secrets":
			for member := range v.Object().All() {
				if conventional.MatchString(member) {
					unknown(v.Object(), "secrets", member, `is a field that wrangler does not know; list the name in `+
						`"secrets.required"; its value belongs in .dev.vars and in wrangler secret put`)
				}
			}
		}
	}
	return findings
}

// isEnvironment reports whether a field of the top level is probably meant as an environment.
func isEnvironment(name string, v *jsvalue.Object) bool {
	return v != nil && v.Get("vars").Object() != nil &&
		!slices.Contains([]string{"dev", "env", "miniflare", "previews", "unsafe"}, name)
}

// unknownField returns the finding about the member name of o, which is at the path parent.
func (p *project) unknownField(o *jsvalue.Object, parent, name, text string) Finding {
	offset, ok := o.KeyOffset(name)
	if !ok {
		offset = -1
	}
	key := strings.TrimPrefix(parent+"."+name, ".")
	if strings.HasSuffix(parent, ".") {
		key = parent + name
	}
	return p.at(key, offset).finding(SeverityWarning, "unknown-field", text)
}

package wrangler

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// varsFields are fields, in lower case, that users write for the field vars.
var varsFields = []string{"variables", "environment_variables", "environmentvariables", "env_vars", "envvars",
	"dev_vars", "devvars", "plain_text", "text"}

// withVars are fields of the top level that may have a field vars.
var withVars = []string{"dev", "env", "miniflare", "previews", "unsafe"}

// checkFields reports what a configuration has outside of the field vars and is probably meant as
// vars: names in capitals, which no field has, and fields of similar meaning. Wrangler ignores it.
func (p *project) checkFields(top *jsvalue.Object) {
	p.checkLevel("", top)
	for name, v := range top.Get("env").Object().All() {
		switch {
		case p.settings.Pages && name != "preview" && name != "production":
			p.reportField("env."+name, v, "a Pages project has the environments preview and production only; "+
				"wrangler pages deploy refuses others")
		case v.Is(jsvalue.String):
			p.reportField("env."+name, v, `the members of "env" are environments; did you mean "vars"?`)
		case valueOf(p.settings.TargetEnvironment) == name:
			p.checkLevel("env."+name+".", v.Object())
		}
	}
}

// checkLevel is checkFields for the top level or an environment, whose keys start with prefix.
func (p *project) checkLevel(prefix string, level *jsvalue.Object) {
	const unknown = "is a field that wrangler does not know; "
	for name, v := range level.All() {
		switch o := v.Object(); {
		case conventional.MatchString(name) || o != nil && slices.Contains(varsFields, strings.ToLower(name)):
			p.reportField(prefix+name, v, unknown+`did you mean "vars"?`)
		case prefix == "" && o.Get("vars").Object() != nil && !slices.Contains(withVars, name):
			p.reportField(prefix+name, v, unknown+`did you mean "env.`+name+`"?`)
		case p.settings.Pages && (name == "secrets" || name == "keep_vars"):
			p.reportField(prefix+name, v, "is a field that wrangler pages deploy refuses; use wrangler pages secret put for "+
				"secrets, and the field vars for the rest")
		case name == "secrets":
			for member, v := range o.All() {
				if conventional.MatchString(member) {
					p.reportField(prefix+"secrets."+member, v, unknown+`list the name in "secrets.required"; `+
						"its value belongs in .dev.vars and in wrangler secret put")
				}
			}
		}
	}
}

// reportField adds a finding about the field at the path key.
func (p *project) reportField(key string, v jsvalue.Value, text string) {
	offset, ok := v.Offset()
	if !ok {
		offset = -1
	}
	p.findings = append(p.findings, p.at(key, offset).finding(SeverityWarning, Rule(config.RuleUnknownField), text))
}

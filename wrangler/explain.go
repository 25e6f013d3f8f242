package wrangler

import (
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
)

// Origin is the kind of place that a binding comes from.
type Origin string

// The origins of bindings.
const (
	FromConfig      Origin = "config"       // the configuration: vars, or a resource
	FromDevVars     Origin = "dev-vars"     // .dev.vars or .dev.vars.NAME
	FromEnvFile     Origin = "env-file"     // .env, .env.local, .env.NAME, .env.NAME.local, or a file of --env-file
	FromProcess     Origin = "process"      // the process environment
	FromFlag        Origin = "flag"         // --var, or --binding of wrangler pages dev
	FromSecretsFile Origin = "secrets-file" // the file of --secrets-file
	FromSecrets     Origin = "secrets"      // DeployOptions.Secrets
	FromRequired    Origin = "required"     // secrets.required of the configuration: inherited from the deployed version
	FromPages       Origin = "pages"        // what wrangler adds to every Pages project
)

// Source is where a binding comes from. It holds no value.
type Source struct {
	Origin Origin
	File   string // relative to Options.Dir; "" if the source is not a file
	Line   int    // from 1; 0 if unknown
	Column int    // in characters, from 1; 0 if unknown
	Key    string // path in the configuration, such as env.staging.vars.A, or the flag; otherwise ""
}

// String returns the place, as "wrangler.jsonc:4:12 vars.API_URL", ".dev.vars:3:1", "--var" or
// "process environment".
func (s Source) String() string {
	switch file := s.position().String(); {
	case file != "" && s.Key != "":
		return file + " " + s.Key
	case file != "" || s.Key != "":
		return file + s.Key
	case s.Origin == FromProcess:
		return "process environment"
	case s.Origin == FromPages:
		return "wrangler pages dev"
	case s.Origin == FromSecrets:
		return "secrets of the deployment"
	}
	return ""
}

func (s Source) position() devvars.Place {
	return devvars.Place{File: s.File, Line: s.Line, Column: s.Column}
}

// finding returns a finding about s.
func (s Source) finding(severity Severity, rule Rule, text string) Finding {
	return Finding{Severity: severity, Rule: rule, File: s.File, Line: s.Line, Column: s.Column, Key: s.Key, Text: text}
}

// Outcome says whether the value of a source is used.
type Outcome string

// The outcomes.
const (
	Used     Outcome = "used"     // it is what the Worker gets
	Shadowed Outcome = "shadowed" // another source wins
	Dropped  Outcome = "dropped"  // it is never used, whatever other sources have
)

// Reason is why something is shadowed or dropped.
type Reason string

// The reasons for which something is shadowed and, from NotInherited on, dropped.
const (
	SecretOverVar   Reason = "secret-over-var" // a local secret replaces a var of the configuration
	LaterLine       Reason = "later-line"      // a later assignment in the same file counts
	LaterFile       Reason = "later-file"      // a later .env file counts
	ProcessWins     Reason = "process-wins"    // the process environment wins over files
	FlagWins        Reason = "flag-wins"       // --var or --binding wins over everything
	SecretsFileWins Reason = "secrets-file"    // secrets that are uploaded with the Worker win over everything else
	ProjectWins     Reason = "project-wins"    // the project wins over what wrangler adds

	NotInherited       Reason = "not-inherited"        // environments do not inherit the vars of the top level
	DevVarsPresent     Reason = "dev-vars-present"     // no .env file is read if there is a .dev.vars
	EnvironmentDevVars Reason = "environment-dev-vars" // .dev.vars is not read if there is a .dev.vars.NAME
	OnlyFlagSelects    Reason = "only-flag-selects"    // CLOUDFLARE_ENV does not select .dev.vars.NAME and .env.NAME
	EnvFileGiven       Reason = "env-file-given"       // with --env-file no other file is read
	SwitchedOff        Reason = "switched-off"         // CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV is false
	NotRequired        Reason = "not-required"         // neither secrets.required nor vars has the name
	ResourceStays      Reason = "resource-stays"       // a binding of another kind has the name
	BuiltinName        Reason = "builtin-name"         // JavaScript objects have a property of that name
	NotEmulated        Reason = "not-emulated"         // wrangler dev does not have bindings of this kind
	ProcessNotIncluded Reason = "process-not-included" // CLOUDFLARE_INCLUDE_PROCESS_ENV is not true
	ProcessEmpty       Reason = "process-empty"        // an empty process variable does not win over a file
	ProcessSame        Reason = "process-same"         // the process variable is equal to the file's
	NotBesideConfig    Reason = "not-beside-config"    // only the files beside the configuration are read
	NeedsEnv           Reason = "needs-env"            // only another --env selects this file
	UnknownFile        Reason = "unknown-file"         // wrangler reads no file of this name
	Template           Reason = "template"             // the file is a template, such as .dev.vars.example
	EnvFileBase        Reason = "env-file-base"        // --env-file starts at the directory of the configuration
	OtherConfig        Reason = "other-config"         // another configuration counts
	RedirectWins       Reason = "redirect-wins"        // the configuration that a build tool generated counts
	NeverDeployed      Reason = "never-deployed"       // local files are not deployed
)

// reasons are the texts of the reasons, and what to change so that a candidate counts, "" if that
// depends.
var reasons = map[Reason]struct{ text, cure string }{
	SecretOverVar:      {"a local secret replaces a var of the same name", "remove the name from the local file"},
	LaterLine:          {"a later assignment in the same file counts", "remove the later assignment"},
	LaterFile:          {"a later file counts, and .env.NAME is later than .env.local", "remove the name from that file"},
	ProcessWins:        {"the process environment wins over files", "unset the process variable"},
	FlagWins:           {"a flag wins over everything else", "leave out the flag"},
	SecretsFileWins:    {"secrets that are uploaded with the Worker win", "remove the name from the secrets file"},
	ProjectWins:        {"the project's own value wins over what wrangler adds", "remove the name from the project"},
	NotInherited:       {"an environment does not inherit the vars of the top level", "add it to the environment"},
	DevVarsPresent:     {".env files are not read if there is a .dev.vars", "move the name to .dev.vars"},
	EnvironmentDevVars: {".dev.vars is not read if the environment has a file of its own", "move the name to that file"},
	OnlyFlagSelects:    {"only --env selects this file, CLOUDFLARE_ENV does not", "use --env"},
	EnvFileGiven:       {"with --env-file only the files that it names are read", "name this file as well"},
	SwitchedOff:        {"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV is false", "unset it to read .env files"},
	NotRequired:        {"the list secrets.required of the configuration lacks the name", "add it there"},
	ResourceStays:      {"a binding of another kind has this name", "rename one of them"},
	BuiltinName: {"every JavaScript object has a property of this name, which wrangler dev takes for a binding",
		"rename it"},
	NotEmulated:        {"wrangler dev does not emulate bindings of this kind", ""},
	ProcessNotIncluded: {"process variables do not count", "set CLOUDFLARE_INCLUDE_PROCESS_ENV=true and use .env files"},
	ProcessEmpty:       {"an empty process variable does not win over a file", ""},
	ProcessSame:        {"the file has the same value", ""},
	NotBesideConfig:    {"the file is not beside the configuration", ""},
	NeedsEnv:           {"only --env selects this file", ""},
	UnknownFile:        {"wrangler reads no file of this name", ""},
	Template:           {"the file is a template", ""},
	EnvFileBase:        {"a path of --env-file starts at the directory of the configuration", ""},
	OtherConfig:        {"wrangler reads another configuration", ""},
	RedirectWins:       {"the redirected configuration counts", ""},
	NeverDeployed:      {"local files are never deployed", "use wrangler secret put, or --secrets-file"},
}

// Text returns the reason in words, "" for no reason.
func (r Reason) Text() string { return reasons[r].text }

// Candidate is what one source has for a name, and whether it is used.
type Candidate struct {
	Source  Source
	Binding binding.Binding // a value of a .env file that is not used is as it is in the file, not expanded
	Outcome Outcome
	Reason  Reason // "" if it is used

	// Advice says what to change so that this candidate is used, "" if it is used or that depends.
	Advice string
	// Expanded reports whether references in the value were replaced.
	Expanded bool
}

// String returns the source, the outcome, the reason and the advice.
func (c Candidate) String() string {
	s := c.Source.String() + ": " + string(c.Outcome)
	if c.Expanded {
		s += ", expanded: references in the value are replaced"
	}
	if c.Reason != "" {
		s += ", " + c.Reason.Text()
	}
	if c.Outcome == Dropped && c.Advice != "" {
		s += "; " + c.Advice
	}
	return s
}

// Explanation lists every source that has a name, in the order in which wrangler reads them.
// Usually the last one wins. If a file assigns the name more than 100 times, only the first 99 and
// the last are listed.
type Explanation struct {
	Name       string
	Candidates []Candidate
}

// Winner returns the candidate that is used, and whether there is one.
func (e Explanation) Winner() (Candidate, bool) {
	for _, c := range e.Candidates {
		if c.Outcome == Used {
			return c, true
		}
	}
	return Candidate{}, false
}

// String returns the name and a line for each candidate.
func (e Explanation) String() string {
	var b strings.Builder
	b.WriteString(e.Name)
	for _, c := range e.Candidates {
		b.WriteString("\n  " + c.String())
	}
	return b.String()
}

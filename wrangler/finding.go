package wrangler

import (
	"errors"
	"strconv"

	"github.com/workerenv/workerenv/devvars"
)

// Severity says how bad a [Finding] is. The zero Severity is SeverityError.
type Severity = devvars.Severity

// The severities.
const (
	SeverityError   = devvars.SeverityError
	SeverityWarning = devvars.SeverityWarning
	SeverityNote    = devvars.SeverityNote
)

// Rule is the stable name of what a [Finding] is about. Those of this package are below; a finding in a configuration has
// one of "type", "required", "choice", "not-inherited", "unknown-field" and the like, and one in a .dev.vars file has a
// rule of package devvars.
type Rule string

// The rules of this package.
const (
	RuleUsage            Rule = "usage"             // options that do not go together
	RuleFile             Rule = "file"              // a file that cannot be read
	RuleSyntax           Rule = "syntax"            // a configuration that is not well-formed
	RuleRedirect         Rule = "redirect"          // a .wrangler/deploy/config.json that leads nowhere
	RuleSwitch           Rule = "switch"            // a CLOUDFLARE_ variable that is neither true nor false
	RuleVault            Rule = "vault"             // a .env.vault, with the key to it
	RuleExpansion        Rule = "expansion-failed"  // a value of a .env file whose references cannot be replaced
	RuleMissingSecret    Rule = "missing-secret"    // a required secret that nothing gives
	RuleSecretsFile      Rule = "secrets-file"      // a file of --secrets-file that holds no secrets
	RuleRemoteSecret     Rule = "remote-secret"     // a binding that would replace a secret of the deployed Worker
	RuleManyEnvironments Rule = "many-environments" // several environments, and none is named
	RuleNotJSON          Rule = "not-json"          // a var that JSON, and so the Worker, cannot hold
	RuleResource         Rule = "resource"          // a resource that cannot be emulated as it is configured
	RuleLimit            Rule = "limit"             // more than Cloudflare allows
	RuleMore             Rule = "more"              // more findings in a file than are listed, which are 1000
)

// Finding is one thing that is wrong with a project, or looks wrong. It names files, keys, bindings and environments, and
// never holds a value.
type Finding struct {
	Severity Severity
	Rule     Rule
	File     string // relative to the directory that was asked about; "" if no file is at fault
	Line     int    // from 1; 0 if unknown
	Column   int    // in characters, from 1; 0 if unknown
	Key      string // path in a configuration such as env.staging.vars.A, or the name of a variable; may be ""
	Text     string // what is wrong and what to do
}

// Place returns file:line:column as far as they are known, "" for nothing.
func (f Finding) Place() string { return place(f.File, f.Line, f.Column) }

func place(file string, line, column int) string {
	if file == "" || line == 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line) + ":" + strconv.Itoa(column)
}

// String returns file:line:column: key: text.
func (f Finding) String() string {
	s := ""
	for _, part := range []string{f.Place(), f.Key} {
		if part != "" {
			s += part + ": "
		}
	}
	return s + f.Text
}

// Error is a Finding that wrangler refuses to go on with. Several of them are joined, so that errors.As finds the first;
// [Findings] finds all.
type Error struct {
	Finding
	Err error // the cause, if it is worth a test with errors.Is, such as fs.ErrPermission; or nil
}

// Error returns the text of the finding.
func (e *Error) Error() string { return e.Finding.String() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Findings returns the finding of every *[Error] in err, in order. An err that holds none gives none.
func Findings(err error) []Finding {
	switch e := err.(type) {
	case *Error:
		return []Finding{e.Finding}
	case interface{ Unwrap() error }:
		return Findings(e.Unwrap())
	case interface{ Unwrap() []error }:
		var list []Finding
		for _, inner := range e.Unwrap() {
			list = append(list, Findings(inner)...)
		}
		return list
	}
	return nil
}

// failures makes an error of those findings that are errors, nil if there are none.
func failures(findings []Finding) error {
	var errs []error
	for _, f := range findings {
		if f.Severity == SeverityError {
			errs = append(errs, &Error{Finding: f})
		}
	}
	return errors.Join(errs...)
}

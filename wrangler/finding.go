package wrangler

import (
	"errors"
	"strconv"
)

// Severity says how bad a [Finding] is.
type Severity uint8

// The severities. The zero Severity is SeverityError.
const (
	SeverityError   Severity = iota // wrangler refuses to go on
	SeverityWarning                 // wrangler goes on, and somebody may lose a value or a secret
	SeverityNote                    // this is worth knowing
)

// String returns "error", "warning" or "note".
func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	}
	return "note"
}

// MarshalText returns what String returns.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Rule is the stable name of what a [Finding] is about. Besides the rules below there are those about what a configuration
// means, such as "type", "required", "unique-name" and "not-inherited", and those of package devvars about local files.
type Rule string

// The rules of this package.
const (
	RuleUsage            Rule = "usage"             // options that exclude each other
	RuleFile             Rule = "file"              // a file or directory that cannot be read
	RuleNoConfig         Rule = "no-config"         // a project without a configuration
	RuleSyntax           Rule = "syntax"            // a configuration that is not JSON or TOML
	RuleRedirect         Rule = "redirect"          // a .wrangler/deploy/config.json that wrangler refuses
	RuleSwitch           Rule = "switch"            // a CLOUDFLARE_ variable that is neither true nor false
	RuleVault            Rule = "vault"             // a .env.vault file that wrangler would decrypt
	RuleExpansion        Rule = "expansion-failed"  // a value of a .env file whose references cannot be replaced
	RuleMissingSecret    Rule = "missing-secret"    // a required secret that no source has
	RuleSecretsFile      Rule = "secrets-file"      // a file of --secrets-file that is not one
	RuleRemoteSecret     Rule = "remote-secret"     // a binding that would replace a secret of the deployed Worker
	RuleManyEnvironments Rule = "many-environments" // several environments, of which none is selected
	RuleNotJSON          Rule = "not-json"          // a var that JSON cannot hold
	RuleResource         Rule = "resource"          // a resource that cannot be emulated as it is configured
	RuleLimit            Rule = "limit"             // more than Cloudflare allows
	RuleMore             Rule = "more"              // more than the 1000 findings that are listed for a file
)

// Finding is one thing that is wrong with a project, or looks wrong. It names files, keys, bindings and environments. It
// never contains a value.
type Finding struct {
	Severity Severity
	Rule     Rule
	File     string // relative to Options.Dir; "" if it is not about a file
	Line     int    // from 1; 0 if unknown
	Column   int    // in characters, from 1; 0 if unknown
	Key      string // path in a configuration such as env.staging.vars.A, or the name of a variable; may be ""
	Text     string // what is wrong and what to do

	// Environment is the environment of the configuration in which only Check has found this, "" for the selected one.
	Environment string
}

// Place returns file:line:column as far as they are known, "" if there is no file.
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

// Error is a Finding about something that wrangler refuses. Several are joined: errors.As finds the first, [Findings] all.
type Error struct {
	Finding
	Err error // the cause, such as fs.ErrPermission; nil if the Finding says it all
}

// Error returns the text of the finding.
func (e *Error) Error() string { return e.Finding.String() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Findings returns the Finding of every *[Error] in err, in order. It returns nil if there is none.
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

// failures joins the findings that are errors, and returns nil if there are none.
func failures(findings []Finding) error {
	var errs []error
	for _, f := range findings {
		if f.Severity == SeverityError {
			errs = append(errs, &Error{Finding: f})
		}
	}
	return errors.Join(errs...)
}

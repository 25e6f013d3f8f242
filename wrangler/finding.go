package wrangler

import (
	"errors"

	"github.com/workerenv/workerenv/devvars"
)

// Finding is one thing that is wrong with a project, or looks wrong. It names files, keys, bindings
// and environments, and never contains a value. File is relative to Options.Dir. Key is a path in a
// configuration, such as env.staging.vars.A, or the name of a variable.
type Finding = devvars.Finding

// Severity says how bad a [Finding] is. The zero Severity is SeverityError.
type Severity = devvars.Severity

// The severities.
const (
	SeverityError   = devvars.SeverityError   // wrangler refuses to go on
	SeverityWarning = devvars.SeverityWarning // it may lose a value or expose a secret
	SeverityNote    = devvars.SeverityNote    // worth knowing
)

// Rule is the stable name of what a [Finding] is about. Besides the rules below there are those
// about what a configuration means, such as "type", "required", "unique-name" and "not-inherited",
// and those of package devvars about local files.
type Rule = devvars.Rule

// Error is a Finding about something that wrangler refuses. Several are joined: errors.As finds the
// first, [Findings] all.
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

package config

import "strings"

// Severity tells an error, which the reference refuses to go on with, from a warning.
type Severity uint8

// The severities. The zero Severity is Error.
const (
	Error Severity = iota
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Rule is the short, stable name of what a problem is about.
type Rule string

// The rules.
const (
	RuleType         Rule = "type"                // a value of the wrong type
	RuleRequired     Rule = "required"            // a field that must be there is not
	RuleChoice       Rule = "choice"              // a value that is none of those allowed
	RuleRange        Rule = "range"               // a number or a count beyond its bounds
	RuleFormat       Rule = "format"              // a text of the wrong form
	RuleConflict     Rule = "conflict"            // fields that exclude each other
	RuleUnique       Rule = "unique-name"         // one name for several things
	RuleReserved     Rule = "reserved-name"       // a name that the platform takes
	RuleReference    Rule = "reference"           // a name that refers to nothing, or inconsistently
	RuleDate         Rule = "date"                // a TOML date where a text is meant
	RuleUnknownField Rule = "unknown-field"       // a field that nobody reads
	RuleRemoved      Rule = "removed-field"       // a field that this version no longer takes
	RuleDeprecated   Rule = "deprecated-field"    // a field with a successor
	RuleIgnored      Rule = "ignored-field"       // a field without effect
	RuleExperimental Rule = "experimental-field"  // a field that may change
	RuleNotInherited Rule = "not-inherited"       // something at the top level that the environment lacks
	RuleInherited    Rule = "inherited"           // something the environment inherits to its harm
	RuleNotAtTop     Rule = "not-at-top-level"    // something in the environment that the top level lacks
	RuleEnvironment  Rule = "unknown-environment" // the wanted environment is not in the file
	RuleRedirected   Rule = "redirected"          // what a generated configuration may not have
	RuleTarget       Rule = "target-environment"  // a generated configuration is for another environment
	RuleMissing      Rule = "missing-setting"     // something else that the configuration then needs
	RuleJavaScript   Rule = "javascript"          // the reference dies of a JavaScript TypeError
)

// Problem is one error or warning. It names keys, fields, bindings and environments, but never holds a value.
type Problem struct {
	Severity Severity
	Rule     Rule
	Key      string // path of what it is about, such as "env.staging.kv_namespaces[0].id"; "" is the whole file
	Env      string // the environment whose section it is in, "" for the top level
	Offset   int    // byte offset in the source of the value or, failing that, its key; -1 if unknown
	Text     string // what is wrong and what to do, lower case, without the key
}

// quoted returns names as a list for people: "a", "b".
func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}

// article returns the name of a JavaScript type as a text says it.
func article(t kind) string {
	switch t {
	case object:
		return "an object"
	case boolean:
		return "true or false"
	}
	return "a " + string(t)
}

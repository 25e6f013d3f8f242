package config

import "strings"

// Severity distinguishes an error, which wrangler refuses, from a warning.
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
	RuleChoice       Rule = "choice"              // a value that is not one of those allowed
	RuleFormat       Rule = "format"              // a text of the wrong form
	RuleConflict     Rule = "conflict"            // fields that exclude each other
	RuleUnique       Rule = "unique-name"         // one name for several things
	RuleReserved     Rule = "reserved-name"       // a name that the platform takes
	RuleDate         Rule = "date"                // a TOML date where a text is meant
	RuleUnknownField Rule = "unknown-field"       // a field whose name is close to that of one that makes bindings
	RuleSwallowed    Rule = "toml-swallowed"      // a field below a TOML table, to which it then belongs
	RuleBelowEnv     Rule = "toml-below-env"      // a table of the top level below one of an environment
	RuleTopLevel     Rule = "top-level-field"     // a field in an environment that only the top level can have
	RuleRemoved      Rule = "removed-field"       // a field that this version no longer accepts
	RuleNotInherited Rule = "not-inherited"       // something at the top level that the environment lacks
	RuleEnvironment  Rule = "unknown-environment" // the wanted environment is not in the file
	RuleRedirected   Rule = "redirected"          // what a generated configuration may not have
	RuleTarget       Rule = "target-environment"  // a generated configuration is for another environment
)

// Problem is one error or warning. It names keys, fields, bindings and environments, but never holds a value.
type Problem struct {
	Severity Severity
	Rule     Rule
	Key      string // path of what it is about, such as "env.staging.kv_namespaces[0].id"; "" is the whole file
	Offset   int    // byte offset in the source of the value or, failing that, its key; -1 if unknown
	Text     string // what is wrong and what to do, lower case, without the key
	Other    int    // offset of another place to look at, such as what has the same name; 0 is none
}

// quoted returns names as a list for people: "a", "b".
func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}

// enumeration returns words as English lists them: A, B, and C.
func enumeration(words []string) string {
	switch last := len(words) - 1; last {
	case 0:
		return words[0]
	case 1:
		return words[0] + " and " + words[1]
	default:
		return strings.Join(words[:last], ", ") + ", and " + words[last]
	}
}

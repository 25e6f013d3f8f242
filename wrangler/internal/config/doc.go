// Package config gives a configuration file of wrangler its meaning: it validates what is in the file and works out
// the name, the vars, the required secrets and the bindings that apply to an environment, as wrangler 4.164.0 does.
//
// It neither reads files nor parses them: it starts from a [jsvalue.Value]. Nor does it say what a problem means for
// the caller: the reference refuses a configuration with an error and goes on after a warning.
//
// The rules are data: see definitions.go for the fields, kinds.go for the bindings. A field that nobody reads is
// validated like any other, since the reference refuses the whole file for it.
//
// No problem holds a value of the file.
package config

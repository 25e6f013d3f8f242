// Package config gives a configuration file of wrangler its meaning: it validates what is in the file and works out
// the name, the vars, the required secrets and the bindings that apply to an environment, as wrangler 4.164.0 does.
//
// It neither reads files nor parses them: it starts from a [jsvalue.Value]. Nor does it say what a problem means for
// the caller: the reference refuses a configuration with an error and goes on after a warning.
//
// The rules are data: see definitions.go for the fields, kinds.go for the bindings. A field that nobody reads is
// validated like any other, since the reference refuses the whole file for it.
//
// What the reference takes from elsewhere comes in Options. Left out are WRANGLER_API_ENVIRONMENT and
// CLOUDFLARE_COMPLIANCE_REGION, which choose another container registry, and the flags of wrangler dev, which can only
// spare a second error about the same protocol. The further rules that wrangler pages deploy has for a Pages project
// are not here either.
//
// No problem holds a value of the file.
package config

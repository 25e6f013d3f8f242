// Package binding is the vocabulary of a Worker's environment: the named entries that its code finds in env.
//
// A [Binding] has a name and a [Kind]: a var (plain_text or json), a secret (secret_text), a place that a later
// step fills (inherit), or a resource such as a kv_namespace, which is carried as it is. A [Set] holds bindings of
// distinct names. An [Env] is what the code of the Worker sees of a Set: names and values, and nothing that tells a
// secret from a var of the same text.
//
//	set, err := binding.NewSet(
//		binding.Var("API_HOST", "api.example.com"),
//		binding.JSONVar("RETRIES", `{"max": 3}`),
//		binding.Secret("API_KEY", key),
//	)
//	env, err := set.Env()
//	env.Get("API_HOST") // "api.example.com"
//
// Binding, Set, Env and [Value] are immutable and share no memory with the caller: all of them are safe for
// concurrent use, and each method that changes something returns a new value.
//
// # Values do not leave unasked
//
// The text of a var, of a secret and the attributes of a resource live in a [Value], which gives its text to
// [Value.Reveal] and to nothing else: not to fmt with any verb, not to encoding/json, encoding/xml or
// encoding/gob, not to log/slog, not to a panic, and not to a program that walks memory by reflection as test
// assertions do, even when the Value sits in an unexported field of somebody else's struct. No error of this
// package has a value in it.
//
// The text leaves through [Value.Reveal], [Env.Get], [Env.Map], [Env.Environ] and [Env.Decode], so that a
// review can search for the places that handle it. Out of reach are memory dumps, debuggers, text that has been
// revealed, and the buffers through which a text was read.
//
// # Equality
//
// Two Values of the same text are the same Value: ==, map keys, reflect.DeepEqual and what builds on them
// agree. Binding, Set and Env have Equal methods, which go-cmp finds too; reflect.DeepEqual gives the same
// answers, == does not.
//
// To that end the package has one variable: a table of the Values in use, behind weak pointers, so that a Value
// that nobody holds any longer is collected like anything else. Of a text the table keeps only a hash. It also holds
// the key, random and made on first use, from which [Value.Fingerprint] is computed. Nothing else outlives a call.
package binding

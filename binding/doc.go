// Package binding represents the environment of a Worker: its bindings, and the env that its code
// sees.
//
// A [Binding] has a name and a [Kind]: a var (plain_text or json), a secret (secret_text), a
// binding inherited from another version (inherit), or a resource such as a kv_namespace, which is
// carried unchanged. A [Set] is a collection of bindings with distinct names. An [Env] is what the
// code of the Worker sees of a Set: names and values. A secret and a var with the same text are equal
// in an Env.
//
//	set, err := binding.NewSet(
//		binding.Var("API_HOST", "api.example.com"),
//		binding.JSONVar("RETRIES", `{"max": 3}`),
//		binding.Secret("API_KEY", key),
//	)
//	env, err := set.Env()
//	env.Get("API_HOST") // "api.example.com"
//	env.Map()           // map[string]string of all vars and secrets
//
// Binding, Set, Env and [Value] are immutable, share no memory with the caller and are safe for
// concurrent use. Each method that changes something returns a new value.
//
// # Values are not shown by accident
//
// The text of a var or secret, and the attributes of a resource, are in a [Value]. It hides its
// text from fmt with any verb, encoding/json, encoding/xml, encoding/gob, log/slog, panics, and
// programs that use reflection, as test assertions do, even if the Value is in an unexported field
// of a struct of another package. No error of this package contains a value.
//
// Only these methods reveal values, so that a review can search for them: [Value.Reveal],
// [Env.Get], [Env.Map], [Env.Environ], [Env.Decode], [Env.Values], [Env.RevealJSON] and
// [Binding.RevealJSON]. The package does not protect values from memory dumps and debuggers, nor
// revealed texts, nor the buffers from which a program has read a value.
//
// # Equality
//
// Two Values of the same text are the same Value: ==, map keys, reflect.DeepEqual and testify
// agree. Binding, Set and Env have Equal methods, which go-cmp uses; reflect.DeepEqual agrees with
// them, == does not. A failing test that compares two Envs shows the names that differ, with a
// fingerprint of each value; see also [Env.Diff].
//
// The package has one global variable, initialized on first use. It contains a table of the Values
// in use, so that equal texts get the same Value, and the random key of [Value.Fingerprint]. The
// table refers to Values with weak pointers, and a garbage collection removes those that are no
// longer in use.
package binding

// Package binding has the types for a Worker's environment: its bindings, and the env that its code
// sees.
//
// A [Binding] has a name and a [Kind]: a var (plain_text or json), a secret (secret_text), a
// binding inherited from another version (inherit), or a resource such as a kv_namespace, which is
// carried unchanged. A [Set] is a collection of bindings with distinct names. An [Env] is what the
// code of the Worker sees of a Set: names and values, with nothing that tells a secret from a var
// of the same text.
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
// programs that walk memory by reflection, as test assertions do, even if the Value is in an
// unexported field of another package's struct. No error of this package contains a value.
//
// Only these methods reveal values, so that a review can search for them: [Value.Reveal],
// [Env.Get], [Env.Map], [Env.Environ], [Env.Decode], [Env.Values], [Env.RevealJSON] and
// [Binding.RevealJSON]. Memory dumps, debuggers, and texts that were revealed or are still in the
// buffers that they were read from are out of scope.
//
// # Equality
//
// Two Values of the same text are the same Value: ==, map keys, reflect.DeepEqual and testify
// agree. Binding, Set and Env have Equal methods, which go-cmp uses; reflect.DeepEqual agrees with
// them, == does not. A failing test that compares two Envs shows the names that differ, with a
// fingerprint of each value; see also [Env.Diff].
//
// For this the package has one variable, made on first use: an interner that finds the Values in
// use by their text, through weak pointers, and the random key of [Value.Fingerprint]. The interner
// lets go of a text after the garbage collection that finds its Value unused.
package binding

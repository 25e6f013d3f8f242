// Package config works out what a configuration file of wrangler means for an environment: the name of the Worker, its
// vars, the secrets that it requires and its bindings, as wrangler 4.164.0 does.
//
// It reads no files and parses none: it starts from a [jsvalue.Value]. It checks what makes or names bindings, and
// ignores all other fields, which wrangler checks itself. The kinds of bindings are rows of the table in kinds.go; a
// new kind of wrangler is one more row.
//
// An [Error] is what wrangler refuses, and a [Warning] is what it accepts although it is probably a mistake. No problem
// holds a value of the file.
package config

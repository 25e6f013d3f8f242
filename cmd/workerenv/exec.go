package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// runCommand runs a command with the env over the environment of this process.
func (c command) runCommand(f *flags) int {
	if len(f.command) == 0 {
		fmt.Fprintln(c.stderr, "workerenv run: name a command after --")
		return statusUsage
	}
	r, err := c.resolve(f)
	if err != nil {
		return c.fail(err)
	}
	env, err := r.Env()
	if err != nil {
		return c.fail(err)
	}
	if bad := unfit(env); len(bad) > 0 {
		fmt.Fprintf(c.stderr, "workerenv run: a process environment cannot hold %s\n", strings.Join(bad, ", "))
		return statusFailure
	}
	status, err := c.exec(f.command, merge(c.environ, env), c.stdout, c.stderr)
	if err != nil {
		fmt.Fprintln(c.stderr, "workerenv run:", err)
	}
	return status
}

// unfit returns the names that cannot be in a process environment: those with = or NUL, the empty one, and those whose
// value has a NUL.
func unfit(env binding.Env) []string {
	var names []string
	for name, v := range env.All() {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.IndexByte(v.Reveal(), 0) >= 0 {
			names = append(names, printable(name))
		}
	}
	return names
}

// merge returns the environment of a process with env over base.
func merge(base []string, env binding.Env) []string {
	merged := slices.Clone(base)
	merged = slices.DeleteFunc(merged, func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, replaced := env.Lookup(name)
		return replaced
	})
	return append(merged, env.Environ()...)
}

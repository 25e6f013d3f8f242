package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// runProgram runs a command with the env over the environment of this process.
func (c command) runProgram(f *flags) int {
	if len(f.program) == 0 {
		return c.misuse("run", "there is no command to run; name one after --")
	}
	_, r, err := c.resolve(f)
	if err != nil {
		return c.fail(err)
	}
	env, err := r.Env()
	if err != nil {
		return c.fail(err)
	}
	if names := unfit(env); names != nil {
		return c.fail(fmt.Errorf("run: a process environment cannot hold %s: a name must have a character and no '=', and neither "+
			"a name nor a value may have a NUL", listed(names)))
	}
	status, err := c.become(f.program, merge(c.environ, env), c.stdout, c.stderr)
	if err != nil {
		fmt.Fprintf(c.stderr, "workerenv run: %s\n", escape(err.Error()))
	}
	return status
}

// unfit returns the names that cannot be in a process environment: the empty one, those with '=' or NUL, and those whose
// value has a NUL.
func unfit(env binding.Env) []string {
	var names []string
	for name, v := range env.All() {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.Contains(v.Reveal(), "\x00") {
			names = append(names, name)
		}
	}
	return names
}

// merge returns the environment of a process with env over base.
func merge(base []string, env binding.Env) []string {
	merged := slices.DeleteFunc(slices.Clone(base), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, replaced := env.Lookup(name)
		return replaced
	})
	return append(merged, env.Environ()...)
}

// startFailure returns the exit status for a program that does not start, as shells do.
func startFailure(err error) int {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return statusNotFound
	}
	return statusNotRunnable
}

// askGit returns what git prints in dir, "" if it fails or is not there.
func askGit(dir string, environ []string, args ...string) string {
	git := exec.Command("git", args...)
	git.Dir, git.Env = dir, environ
	out, err := git.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

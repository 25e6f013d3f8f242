package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// runProgram runs a command with the env over the environment of this process.
func (c command) runProgram(f *flags) int {
	if f.watch {
		return c.runWatching(f)
	}
	config, r, err := c.resolve(f)
	if err != nil {
		return c.fail(err)
	}
	if len(r.Bindings()) == 0 {
		fmt.Fprintln(c.stderr, "note:", emptiness(f.dir, config))
	}
	environ, err := c.programEnviron(r)
	if err != nil {
		return c.fail(err)
	}
	c.warnOfProcessControl(r)
	status, err := c.become(f.program, environ, c.stdout, c.stderr)
	if err != nil {
		fmt.Fprintf(c.stderr, "workerenv run: %s\n", escape(err.Error()))
	}
	return status
}

// warnOfProcessControl prints the findings about variables that change how programs start.
func (c command) warnOfProcessControl(r *wrangler.Resolution) {
	for _, finding := range r.Findings() {
		if finding.Rule == wrangler.RuleProcessControl {
			finding.Severity = wrangler.SeverityWarning // here it has an effect
			writeFindings(c.stderr, []wrangler.Finding{finding})
		}
	}
}

// programEnviron returns the process environment of a command: that of this process with the env of r over it.
func (c command) programEnviron(r *wrangler.Resolution) ([]string, error) {
	env, err := r.Env()
	if err != nil {
		return nil, err
	}
	if names := unfit(env); names != nil {
		return nil, fmt.Errorf("run: a process environment cannot hold %s: names must not be empty or contain '=', "+
			"and names and values must not contain NUL", listed(names))
	}
	return merge(c.environ, env), nil
}

// unfit returns the names that a process environment cannot hold: the empty name, names with '=' or
// NUL, and names whose value contains NUL.
func unfit(env binding.Env) []string {
	var names []string
	for name, v := range env.All() {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.Contains(v.Reveal(), "\x00") {
			names = append(names, name)
		}
	}
	return names
}

// merge returns the process environment base with the variables of env added and replaced.
func merge(base []string, env binding.Env) []string {
	merged := slices.DeleteFunc(slices.Clone(base), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		_, replaced := env.Lookup(name)
		return replaced
	})
	return append(merged, env.Environ()...)
}

// startFailure returns the exit status that shells give for a program that does not start.
func startFailure(err error) int {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return statusNotFound
	}
	return statusNotRunnable
}

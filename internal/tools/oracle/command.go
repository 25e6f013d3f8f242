package oracle

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

//go:embed js/worker.mjs
var worker []byte

// workerFile is the name of the Worker in the folder of a project, and pagesDir the output folder of a
// Pages project.
const (
	workerFile = "oracle-worker.mjs"
	pagesDir   = "oracle-pages"
)

// Run is the result of a command of wrangler.
type Run struct {
	// Ending is Answered, Hung, or Threw if wrangler ended without the result.
	Ending Ending
	// Env is the env that a Worker gets from `wrangler dev`: a JSON array of [name, type, value] in the
	// order of Object.keys(env). The type is that of typeof, "array" or "null".
	Env json.RawMessage
	// Bindings is a JSON array in the order of the upload of `wrangler deploy`, and KeepBindings a JSON
	// array of the kinds of deployed bindings to keep.
	Bindings     json.RawMessage
	KeepBindings json.RawMessage
	// Warnings are the first lines of wrangler's warnings, if Ending is Answered.
	Warnings []string
	// Exit is the exit status, and Output what wrangler printed on standard output and error, without
	// colors. They are set unless Ending is Answered.
	Exit   int
	Output string
}

// command is a call of wrangler.
type command struct {
	args      []string
	variables []string // in addition to those of the project
	// done reports whether the result is there, and read sets it. The program has started, and may have
	// ended.
	done func(*program) bool
	read func(*Run) error
}

// run runs wrangler in the folder of the project, and stops it and its children when the result is
// there.
func (t *Tools) run(ctx context.Context, p Project, l Limits, c command) (Run, error) {
	r, err := t.tryRun(ctx, p, l, c)
	if err != nil {
		return Run{}, fmt.Errorf("oracle: wrangler %s: %w", c.args[0], err)
	}
	return r, nil
}

func (t *Tools) tryRun(ctx context.Context, p Project, l Limits, c command) (Run, error) {
	if err := p.writeWorker(); err != nil {
		return Run{}, err
	}
	script := filepath.Join(t.dir, "node_modules", "wrangler", "bin", "wrangler.js")
	cmd := t.nodeCommand(append(append([]string{script}, c.args...), p.flags()...)...)
	cmd.Dir, cmd.Env = p.Dir, t.environ(append(p.environ(), c.variables...)...)
	started, err := t.start(cmd)
	if err != nil {
		return Run{}, err
	}
	defer started.close()
	ending, err := started.wait(ctx, l.time(), func() bool { return c.done(started) })
	r := Run{Ending: ending}
	if err != nil {
		return r, err
	}
	if ending != Answered {
		r.Exit, r.Output = cmd.ProcessState.ExitCode(), started.text()
		return r, nil
	}
	err = c.read(&r)
	for _, m := range warning.FindAllStringSubmatch(started.text(), -1) {
		r.Warnings = append(r.Warnings, m[1])
	}
	return r, err
}

var warning = regexp.MustCompile(`(?m)^▲ \[WARNING\] (.*?) *$`)

// script returns the entry point for commands.
func (p Project) script() string { return cmp.Or(p.Script, workerFile) }

// writeWorker writes the Worker into the folder of the project.
func (p Project) writeWorker() error {
	for _, name := range []string{p.script(), filepath.Join(pagesDir, "_worker.js")} {
		file := filepath.Join(p.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, worker, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// flags returns the flags for the fields of p.
func (p Project) flags() []string {
	var flags []string
	if p.Env != nil {
		flags = append(flags, "--env="+*p.Env)
	}
	if p.Config != nil {
		flags = append(flags, "--config="+*p.Config)
	}
	for _, file := range p.EnvFiles {
		flags = append(flags, "--env-file="+file)
	}
	for _, v := range p.Vars {
		flags = append(flags, "--var="+v)
	}
	return flags
}

// environ returns the process environment of the project, after variables that stop wrangler from
// asking questions, using the network and writing logs.
func (p Project) environ() []string {
	return append([]string{
		"CI=1", "WRANGLER_SEND_METRICS=false", "WRANGLER_SEND_ERROR_REPORTS=false", "WRANGLER_WRITE_LOGS=false",
		"CLOUDFLARE_CF_FETCH_ENABLED=false",
	}, p.Process...)
}

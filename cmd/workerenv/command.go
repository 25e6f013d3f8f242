package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"github.com/workerenv/workerenv/wrangler"
)

// Exit statuses.
const (
	statusOK      = 0
	statusFailure = 1 // wrangler would refuse the project
	statusUsage   = 2
)

// command is one call of workerenv, with everything that it knows of the process.
type command struct {
	dir     string   // an absolute path
	environ []string // NAME=value
	stdout  io.Writer
	stderr  io.Writer
	color   bool
	exec    func(args, environ []string, stdout, stderr io.Writer) (int, error)
}

const usage = `usage: workerenv COMMAND [flags]

  env               show what wrangler dev binds, and where it comes from
  deploy-bindings   show what wrangler deploy uploads
  run -- COMMAND    run COMMAND with the env in its environment
  check             show what is wrong or looks wrong

workerenv COMMAND -h tells the flags.
`

// run does what args say and returns the exit status.
func (c command) run(args []string) int {
	if len(args) == 0 {
		fmt.Fprint(c.stderr, usage)
		return statusUsage
	}
	verbs := map[string]func(*flags) int{"env": c.env, "deploy-bindings": c.deploy, "run": c.runCommand, "check": c.check}
	verb, ok := verbs[args[0]]
	if !ok {
		return c.help(args[0])
	}
	f, err := parseFlags(args[0], args[1:], c.stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return statusOK
	case err != nil:
		return statusUsage
	}
	return verb(f)
}

// help answers a call for help, and any word that is no command.
func (c command) help(word string) int {
	switch word {
	case "help", "-h", "-help", "--help":
		fmt.Fprint(c.stdout, usage)
		return statusOK
	}
	fmt.Fprintf(c.stderr, "workerenv: there is no command %q\n\n%s", word, usage)
	return statusUsage
}

// options returns where the project is and how wrangler would be called.
func (c command) options(f *flags) wrangler.Options {
	dir := f.dir
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.dir, dir)
	}
	return wrangler.Options{
		Dir: dir, Config: f.config, Script: f.script, Environment: f.environment, EnvFiles: f.envFiles, Process: c.environ, Pages: f.pages,
	}
}

func (c command) load(f *flags) (*wrangler.Config, error) { return wrangler.Load(c.options(f)) }

// resolve returns what wrangler dev binds.
func (c command) resolve(f *flags) (*wrangler.Resolution, error) {
	config, err := c.load(f)
	if err != nil {
		return nil, err
	}
	return config.Dev(wrangler.DevOptions{Vars: f.vars, PagesBindings: f.bindings})
}

func (c command) env(f *flags) int {
	r, err := c.resolve(f)
	return c.show(f, r, err)
}

func (c command) deploy(f *flags) int {
	config, err := c.load(f)
	if err != nil {
		return c.fail(err)
	}
	r, err := config.Deploy(wrangler.DeployOptions{
		Vars: f.vars, SecretsFile: f.secretsFile, KeepVars: f.keepVars, NewWorker: f.newWorker, RemoteSecrets: f.remoteSecrets, Strict: f.strict,
	})
	return c.show(f, r, err)
}

// show prints the bindings, and the findings below them.
func (c command) show(f *flags, r *wrangler.Resolution, err error) int {
	if err != nil {
		return c.fail(err)
	}
	if f.json {
		err = writeJSON(c.stdout, bindingRows(r, f))
	} else {
		err = c.writeTable(r, f)
	}
	if err != nil {
		return c.fail(err)
	}
	c.writeFindings(c.stderr, r.Findings())
	return statusOK
}

// fail prints what wrangler would refuse.
func (c command) fail(err error) int {
	findings := wrangler.Findings(err)
	if len(findings) == 0 {
		fmt.Fprintln(c.stderr, "workerenv:", err)
		return statusFailure
	}
	c.writeFindings(c.stderr, findings)
	return statusFailure
}

func (c command) check(f *flags) int {
	findings := wrangler.Check(c.options(f))
	if f.json {
		if err := writeJSON(c.stdout, findingRows(findings)); err != nil {
			return c.fail(err)
		}
	} else {
		c.writeFindings(c.stdout, findings)
	}
	for _, finding := range findings {
		if finding.Severity == wrangler.SeverityError {
			return statusFailure
		}
	}
	return statusOK
}

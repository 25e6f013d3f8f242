package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"

	"github.com/workerenv/workerenv/wrangler"
)

// Exit statuses.
const (
	statusOK          = 0
	statusFailure     = 1 // wrangler would refuse the project, or the output could not be written
	statusUsage       = 2
	statusNotRunnable = 126
	statusNotFound    = 127
)

// command is one call of workerenv, with everything that it knows of the process.
type command struct {
	dir     string   // the present directory, an absolute path
	environ []string // NAME=value
	stdout  output
	stderr  output

	// become runs a command in place of this process. It returns only if that fails, or once the command has ended.
	become func(args, environ []string, stdout, stderr output) (status int, err error)

	// git returns what git prints in dir, "" if it fails.
	git func(dir string, environ []string, args ...string) string

	// listen and lookupHost reach the network, as net.Listen and the method LookupNetIP of a net.Resolver.
	listen     func(network, address string) (net.Listener, error)
	lookupHost func(ctx context.Context, network, host string) ([]netip.Addr, error)

	// signals sends what asks the process to end, until stop is called.
	signals func(into chan<- os.Signal) (stop func())
}

// run does what args say and returns the exit status.
func (c command) run(args []string) int {
	if len(args) == 0 {
		fmt.Fprint(c.stderr, usage)
		return statusUsage
	}
	verb, args := args[0], args[1:]
	if isHelp(verb) {
		return c.help(args)
	}
	do, ok := map[string]func(*flags) int{
		"env": c.env, "deploy-bindings": c.deploy, "run": c.runProgram, "check": c.check, "serve": c.serve,
	}[verb]
	if !ok {
		return c.misuse("", fmt.Sprintf("there is no command %q", verb))
	}
	f, err := parseFlags(verb, args)
	switch {
	case errors.Is(err, errHelp):
		return c.help([]string{verb})
	case err != nil:
		return c.misuse(verb, err.Error())
	}
	if err := c.enter(f); err != nil {
		return c.fail(err)
	}
	return do(f)
}

// enter makes the directory of f absolute. As process.chdir and process.cwd of Node.js do for wrangler, it fails where one
// cannot be, and it follows symbolic links, so that the directories above are those of the place itself.
func (c command) enter(f *flags) error {
	dir := f.dir
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.dir, dir)
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("not a directory")
	}
	if err == nil && runtime.GOOS != "windows" {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return fmt.Errorf("cannot use %s as the directory: %w", label(f.dir), withoutPath(err))
	}
	f.dir = dir
	return nil
}

// withoutPath takes the path out of an error of the file system.
func withoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// misuse tells what is wrong with the arguments, and where to read about them.
func (c command) misuse(verb, text string) int {
	name := "workerenv"
	if verb != "" {
		name += " " + verb
	}
	fmt.Fprintf(c.stderr, "%s: %s\n%s -h tells more\n", name, escape(text), name)
	return statusUsage
}

// fail prints what wrangler would refuse, or another error.
func (c command) fail(err error) int {
	findings := wrangler.Findings(err)
	if len(findings) == 0 {
		fmt.Fprintln(c.stderr, "workerenv:", escape(err.Error()))
		return statusFailure
	}
	writeFindings(c.stderr, findings) // if that fails, there is nowhere left to say so
	return statusFailure
}

// options returns where the project is and how wrangler would be called.
func (c command) options(f *flags) wrangler.Options {
	return wrangler.Options{
		Dir: f.dir, Config: f.config, Script: f.script, Environment: f.environment, EnvFiles: f.envFiles, Environ: c.environ, Pages: f.pages,
	}
}

// resolve returns what wrangler dev binds.
func (c command) resolve(f *flags) (*wrangler.Config, *wrangler.Resolution, error) {
	config, err := wrangler.Load(c.options(f))
	if err != nil {
		return nil, nil, err
	}
	o := wrangler.DevOptions{Vars: f.vars, PagesBindings: f.bindings}
	if f.pages {
		o.Branch = c.git(f.dir, c.environ, "rev-parse", "--abbrev-ref", "HEAD")
		o.CommitSHA = c.git(f.dir, c.environ, "rev-parse", "HEAD")
		o.ShortSHA = c.git(f.dir, c.environ, "rev-parse", "--short", "HEAD")
	}
	r, err := config.Dev(o)
	return config, r, err
}

func (c command) env(f *flags) int {
	config, r, err := c.resolve(f)
	if err != nil {
		return c.fail(err)
	}
	return c.show(f, config, r)
}

func (c command) deploy(f *flags) int {
	config, err := wrangler.Load(c.options(f))
	if err != nil {
		return c.fail(err)
	}
	r, err := config.Deploy(wrangler.DeployOptions{
		Vars: f.vars, SecretsFile: f.secretsFile, KeepVars: f.keepVars, NewWorker: f.newWorker, RemoteSecrets: f.remoteSecrets, Strict: f.strict,
	})
	if err != nil {
		return c.fail(err)
	}
	return c.show(f, config, r)
}

// show prints the bindings, and what there is to say about them below.
func (c command) show(f *flags, config *wrangler.Config, r *wrangler.Resolution) int {
	if err := c.write(f, r); err != nil {
		return c.fail(err)
	}
	if !f.json {
		c.remark(f, config, r)
	}
	if err := c.warn(r); err != nil {
		return c.fail(err)
	}
	return statusOK
}

// warn prints the findings about what has been shown. Of what wrangler dev binds they are the first ones only, so that the
// table does not drown in them.
func (c command) warn(r *wrangler.Resolution) error {
	findings := r.Findings()
	more := len(findings) - maxFindings
	if r.KeepBindings() != nil || more <= 0 {
		return writeFindings(c.stderr, findings)
	}
	err := writeFindings(c.stderr, findings[:maxFindings])
	if err == nil {
		_, err = fmt.Fprintf(c.stderr, "note: there are %d more findings; workerenv check shows them all\n", more)
	}
	return err
}

func (c command) write(f *flags, r *wrangler.Resolution) error {
	if f.json {
		return writeJSON(c.stdout, bindingRows(r, f))
	}
	return writeTable(c.stdout, r, f)
}

// remark says below a table what it cannot show.
func (c command) remark(f *flags, config *wrangler.Config, r *wrangler.Resolution) {
	deploys := r.KeepBindings() != nil
	if len(r.Bindings()) == 0 {
		fmt.Fprintln(c.stderr, "note:", emptiness(f.dir, config))
		if !deploys && !f.explain {
			fmt.Fprintln(c.stderr, "note:", lead(r))
		}
	}
	if deploys && !f.newWorker {
		fmt.Fprintln(c.stderr, "note:", keeping(r.KeepBindings()))
	}
}

func (c command) check(f *flags) int {
	findings := append(wrangler.Check(c.options(f)), c.tracked(f)...)
	var err error
	switch {
	case f.json:
		err = writeJSON(c.stdout, findingRows(findings))
	case len(findings) == 0:
		fmt.Fprintln(c.stderr, "no findings")
	default:
		err = writeFindings(c.stdout, findings)
	}
	if err != nil {
		return c.fail(err)
	}
	for _, finding := range findings {
		if finding.Severity == wrangler.SeverityError {
			return statusFailure
		}
	}
	return statusOK
}

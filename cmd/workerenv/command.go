package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/pflag"

	"github.com/workerenv/workerenv/devvars/compat"
	"github.com/workerenv/workerenv/wrangler"
)

// Exit statuses.
const (
	statusOK          = 0
	statusFailure     = 1 // wrangler would refuse the project, or output failed
	statusUsage       = 2
	statusNotRunnable = 126
	statusNotFound    = 127
)

// command is one call of workerenv, with everything of the process that it uses.
type command struct {
	dir     string   // current directory, an absolute path
	environ []string // NAME=value
	stdin   io.Reader
	stdout  output
	stderr  output

	// become runs a command in place of this process. It returns if that fails, or after the command has ended.
	become func(args, environ []string, stdout, stderr output) (status int, err error)

	// ask asks a person for a line, which is not shown. It reports whether there is somebody to ask.
	ask func(question string) (line string, asked bool, err error)

	// git returns what git prints in dir, "" if it fails.
	git func(dir string, environ []string, args ...string) string

	// listen and resolveAddr are net.Listen and net.ResolveTCPAddr.
	listen      func(network, address string) (net.Listener, error)
	resolveAddr func(network, address string) (*net.TCPAddr, error)

	// signals relays the signals that ask the process to end, until stop is called.
	signals func(into chan<- os.Signal) (stop func())
}

// run executes the command line args and returns the exit status.
func (c command) run(args []string) int {
	if len(args) == 0 {
		fmt.Fprint(c.stderr, usage())
		return statusUsage
	}
	v, rest, ok := findVerb(args)
	switch {
	case isHelp(args[0]):
		return c.help(args[1:])
	case args[0] == "version" || args[0] == "--version" || args[0] == "-version":
		return c.version()
	case args[0] == "keys" && (len(args) == 1 || isHelp(args[1])):
		return c.help(args[:1])
	case !ok:
		return c.misuse("", unknownCommand)
	}
	f, err := v.parse(rest)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return c.print(v.usage())
	case err != nil:
		return c.misuse(v.name, err.Error())
	}
	if err := c.enter(f); err != nil {
		return c.fail(err)
	}
	return v.run(c, f)
}

// enter makes the directory of f absolute. Like process.chdir and process.cwd of Node.js in wrangler, it fails if the
// directory is not accessible, and follows symbolic links, so that parent directories are those of the target.
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

// withoutPath returns the cause of a file system error without the path.
func withoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// misuse prints what is wrong with the arguments.
func (c command) misuse(verb, text string) int {
	name := "workerenv"
	if verb != "" {
		name += " " + verb
	}
	fmt.Fprintf(c.stderr, "%s: %s\nuse %s -h for help\n", name, escape(text), name)
	return statusUsage
}

// fail prints the findings in err, or err itself.
func (c command) fail(err error) int {
	findings := wrangler.Findings(err)
	if len(findings) == 0 {
		fmt.Fprintln(c.stderr, "workerenv:", escape(err.Error()))
		return statusFailure
	}
	writeFindings(c.stderr, findings)
	return statusFailure
}

// options returns the options for the project of f.
func (c command) options(f *flags) wrangler.Options {
	return wrangler.Options{
		Dir: f.dir, Config: f.config, Script: f.script, Environment: f.environment, EnvFiles: f.envFiles,
		Environ: c.environ, Pages: f.pages, Lint: compat.Findings,
	}
}

// resolve returns what wrangler dev binds.
func (c command) resolve(f *flags) (*wrangler.Config, *wrangler.Resolution, error) {
	config, err := wrangler.Load(c.options(f))
	if err != nil {
		return nil, nil, err
	}
	r, err := config.Dev(c.devOptions(f))
	return config, r, err
}

// devOptions returns the options of wrangler dev for the project of f.
func (c command) devOptions(f *flags) wrangler.DevOptions {
	o := wrangler.DevOptions{Vars: f.vars, PagesBindings: f.bindings}
	if f.pages {
		o.Branch = c.git(f.dir, c.environ, "rev-parse", "--abbrev-ref", "HEAD")
		o.CommitSHA = c.git(f.dir, c.environ, "rev-parse", "HEAD")
		o.ShortSHA = c.git(f.dir, c.environ, "rev-parse", "--short", "HEAD")
	}
	return o
}

func (c command) env(f *flags) int { return c.showEach(f, command.resolve) }

func (c command) deploy(f *flags) int { return c.showEach(f, command.resolveDeploy) }

// resolveDeploy returns what wrangler deploy uploads.
func (c command) resolveDeploy(f *flags) (*wrangler.Config, *wrangler.Resolution, error) {
	config, err := wrangler.Load(c.options(f))
	if err != nil {
		return nil, nil, err
	}
	r, err := config.Deploy(wrangler.DeployOptions{
		Vars: f.vars, SecretsFile: f.secretsFile, KeepVars: f.keepVars, NewWorker: f.newWorker,
		RemoteSecrets: f.remoteSecrets, Strict: f.strict,
	})
	return config, r, err
}

// each calls do for each configuration of f, which has it as f.config then.
func (f *flags) each(do func() error) error {
	if len(f.configs) < 2 {
		return do()
	}
	for _, f.config = range f.configs {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// showEach shows what resolve returns for each configuration.
func (c command) showEach(f *flags, resolve func(command, *flags) (*wrangler.Config, *wrangler.Resolution, error)) int {
	var rows []bindingRow
	err := f.each(func() error {
		config, r, err := resolve(c, f)
		if err != nil {
			return err
		}
		c.headline(f, config, r)
		if !f.json {
			return c.show(f, config, r)
		}
		rows = append(rows, bindingRows(r, f)...)
		return c.warn(r)
	})
	if err == nil && f.json {
		err = writeJSON(c.stdout, rows)
	}
	if err != nil {
		return c.fail(err)
	}
	return statusOK
}

// headline says which Worker follows: always for an upload, otherwise if there are several. With
// --json it is on standard error.
func (c command) headline(f *flags, config *wrangler.Config, r *wrangler.Resolution) {
	out := c.stdout
	if f.json {
		out = c.stderr
	}
	if len(f.configs) > 1 {
		if f.config != f.configs[0] {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, "Configuration:", label(f.config))
	}
	if len(f.configs) > 1 || r.KeepBindings() != nil {
		fmt.Fprintln(out, "Worker:", workerName(config))
	}
}

// workerName returns the name of the Worker for a line of text.
func workerName(config *wrangler.Config) string {
	environment, named := config.Environment()
	switch {
	case config.Name() == "":
		return "(the configuration has no name)"
	case config.Path() == config.UserPath() && named && environment != "" &&
		!slices.Contains(config.Environments(), environment):
		return "(the configuration does not have the selected environment)" // the name can be a value of a .env file
	}
	return label(config.Name())
}

// show prints the table of the bindings, and notes and findings below it.
func (c command) show(f *flags, config *wrangler.Config, r *wrangler.Resolution) error {
	if err := writeTable(c.stdout, r, f); err != nil {
		return err
	}
	c.remark(f, config, r)
	return c.warn(r)
}

// shownNotes are the rules whose notes follow the table, too: they are about names that the table lacks.
var shownNotes = []wrangler.Rule{wrangler.RuleRedirected, wrangler.RuleNotBound}

// warn prints the findings of r except most notes, the first maxFindings only if r is what wrangler dev binds.
func (c command) warn(r *wrangler.Resolution) error {
	findings := slices.DeleteFunc(r.Findings(), func(f wrangler.Finding) bool {
		return f.Severity == wrangler.SeverityNote && !slices.Contains(shownNotes, f.Rule)
	})
	more := len(findings) - maxFindings
	if r.KeepBindings() != nil || more <= 0 {
		return writeFindings(c.stderr, findings)
	}
	err := writeFindings(c.stderr, findings[:maxFindings])
	if err == nil {
		_, err = fmt.Fprintf(c.stderr, "note: %d more findings; workerenv check shows all of them\n", more)
	}
	return err
}

// remark prints notes about what the table does not show.
func (c command) remark(f *flags, config *wrangler.Config, r *wrangler.Resolution) {
	deploys := r.KeepBindings() != nil
	if len(r.Bindings()) == 0 {
		fmt.Fprintln(c.stderr, "note:", emptiness(f.dir, config))
		if !deploys && (!f.explain || len(meantNames(r)) == 0) {
			fmt.Fprintln(c.stderr, "note:", lead(r))
		}
	}
	if deploys && !f.newWorker {
		fmt.Fprintln(c.stderr, "note:", keeping(r.KeepBindings()))
	}
}

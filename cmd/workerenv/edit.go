package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	"golang.org/x/term"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/wrangler"
)

// maxSecret bounds the value that set reads, in bytes.
const maxSecret = 1 << 20

// set gives a secret a value in the file that wrangler dev would read.
func (c command) set(f *flags) int {
	file, err := c.secretsFile(f)
	if err != nil {
		return c.fail(err)
	}
	value, err := c.readSecret(f)
	if err != nil {
		return c.fail(err)
	}
	done := "set %s in %s\n"
	if value == "" {
		done = "set %s in %s, to an empty value\n"
	}
	status := c.edit(f, file, done, func(file *devvars.File) error { return file.Set(f.name, value) })
	if status == statusOK {
		c.warnUnbound(f)
	}
	return status
}

// warnUnbound prints why wrangler dev does not bind the secret that was set, for example because the
// configuration names all secrets but this one.
func (c command) warnUnbound(f *flags) {
	_, r, err := c.resolve(f)
	if err != nil {
		return // check reports it
	}
	if _, bound := r.Source(f.name); bound {
		return
	}
	for _, candidate := range r.Explain(f.name).Candidates {
		fmt.Fprintf(c.stderr, "warning: wrangler dev does not bind %s: %s\n", f.name, escape(candidate.String()))
	}
}

// unset removes a secret from the file that wrangler dev would read.
func (c command) unset(f *flags) int {
	file, err := c.secretsFile(f)
	if err != nil {
		return c.fail(err)
	}
	return c.edit(f, file, "removed %s from %s\n", func(file *devvars.File) error {
		if _, ok := file.Lookup(f.name); !ok {
			return errors.New("there is no " + f.name)
		}
		if !file.Delete(f.name) {
			return errors.New("cannot remove " + f.name + " without changing another line")
		}
		return nil
	})
}

// edit changes the file, and prints done, a format for the name and the file. It warns if git would publish the file.
func (c command) edit(f *flags, file, done string, change func(*devvars.File) error) int {
	shown := relative(f.dir, file)
	if err := devvars.Update(file, change); err != nil {
		return c.fail(fmt.Errorf("%s: %w", label(shown), withoutPath(err)))
	}
	fmt.Fprintf(c.stderr, done, f.name, label(shown))
	if err := writeFindings(c.stderr, c.publishedFile(f.dir, file)); err != nil {
		return c.fail(err)
	}
	return statusOK
}

// secretsFile returns the path of the file from which wrangler dev reads the secrets of the
// environment: .dev.vars.ENVIRONMENT if it exists and the flag names the environment, or else
// .dev.vars. If neither exists, but a .env file does, that is an error: the new file would keep
// wrangler from reading the .env files, and a value in them can depend on other files.
func (c command) secretsFile(f *flags) (string, error) {
	config, err := wrangler.Load(c.options(f))
	if err == nil && config.IsPages() && !f.pages {
		if _, refused := config.Dev(c.devOptions(f)); refused != nil { // the project is for wrangler pages dev
			f.pages = true
			config, err = wrangler.Load(c.options(f))
		}
	}
	if err != nil {
		return "", err
	}
	dir := f.dir
	if config.Path() != "" {
		dir = filepath.Dir(config.UserPath())
	} else if !f.pages { // Pages projects often have none
		fmt.Fprintln(c.stderr, "note:", noProject(f.dir))
	}
	names := []string{".dev.vars"}
	envFiles := []string{".env", ".env.local"}
	if f.environment != nil {
		names = []string{".dev.vars." + *f.environment, ".dev.vars"}
		envFiles = append(envFiles, ".env."+*f.environment, ".env."+*f.environment+".local")
	}
	for _, name := range names {
		if file := filepath.Join(dir, name); exists(file) {
			return file, nil
		}
	}
	for _, name := range envFiles {
		if file := filepath.Join(dir, name); exists(file) && c.readsEnvFiles() {
			return "", fmt.Errorf("wrangler reads %s here, which this command does not edit, and would no longer read it "+
				"if there was a .dev.vars; edit it, or rename it to .dev.vars if no value in it refers to another",
				label(relative(f.dir, file)))
		}
	}
	return filepath.Join(dir, ".dev.vars"), nil
}

// readsEnvFiles reports whether wrangler reads .env files if there is no .dev.vars.
func (c command) readsEnvFiles() bool {
	return !strings.EqualFold(lookup(c.environ, "CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV"), "false")
}

// exists reports whether there is a file, or a symbolic link, which may point to nothing.
func exists(file string) bool {
	_, err := os.Lstat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

// readSecret returns the value for set, from a prompt on a terminal or from standard input. As in
// wrangler secret put, white space at its end is removed.
func (c command) readSecret(f *flags) (string, error) {
	value, asked, err := "", false, error(nil)
	if !f.fromInput {
		value, asked, err = c.ask("value of " + f.name + " (not shown): ")
	}
	if err == nil && !asked {
		var text []byte
		text, err = io.ReadAll(io.LimitReader(c.stdin, maxSecret+1))
		value = string(text)
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot read the value: %w", withoutPath(err))
	case len(value) > maxSecret:
		return "", errors.New("the value is larger than 1 MiB")
	}
	return strings.TrimRightFunc(value, isJSSpace), nil
}

// isJSSpace reports whether trimEnd of JavaScript removes r.
func isJSSpace(r rune) bool { return r == '\ufeff' || unicode.IsSpace(r) && r != '\u0085' }

// askTerminal asks on standard error for a line, and reads it from standard input without echo. If
// standard input is not a terminal, it does nothing, and asked is false. An interrupt ends the
// process; before, echo is switched on again.
func askTerminal(question string) (line string, asked bool, err error) {
	fd := int(os.Stdin.Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return "", false, nil
	}
	interrupts := make(chan os.Signal, 1)
	stop := notify(interrupts)
	defer close(interrupts)
	defer stop()
	go func() {
		if s, ok := <-interrupts; ok {
			_ = term.Restore(fd, state)
			fmt.Fprintln(os.Stderr)
			number, _ := s.(syscall.Signal)
			os.Exit(128 + int(number))
		}
	}()
	fmt.Fprint(os.Stderr, question)
	text, err := term.ReadPassword(fd)
	fmt.Fprintln(os.Stderr)
	return string(text), true, err
}

// Command workerenv shows what is in the env of a Cloudflare Worker, as wrangler 4.164.0 resolves it, and where each
// value comes from. It also serves Cloudflare's API, to test what deploys Workers.
//
// Usage:
//
//	workerenv env [flags]                       what wrangler dev binds, as a table
//	workerenv deploy-bindings [flags]           what wrangler deploy uploads
//	workerenv run [flags] [--] COMMAND [ARG]... run COMMAND with the env in its environment
//	workerenv check [flags]                     what is wrong or looks wrong
//	workerenv serve [flags]                     Cloudflare's API from memory, to test its clients
//	workerenv COMMAND -h                        the flags of a command
//
// The project is the one that wrangler would find if it were run in the present directory, or in that of -C. Flags
// have the names that they have in wrangler, and variables such as CLOUDFLARE_ENV count as they do there. With --pages
// git is asked for the branch and the commit, as wrangler pages dev asks it. Check asks it for files of secrets that it would
// publish.
//
// # What is shown
//
// The table is for people. It has a line for each binding: name, kind, value and source. Values of secrets are
// hidden, long values are cut, and characters that could do something to a terminal are escaped. With --explain
// each source that had the name and is not used follows, with the reason. Findings are below, on standard error;
// if there are many, check shows them all. Columns are aligned by the number of characters, so that wide and
// combining ones shift the rest of their line. A terminal gets colour unless NO_COLOR is set or TERM is dumb.
//
// With --json the bindings are a JSON array of objects:
//
//	name        of the binding
//	type        its kind: plain_text, json, secret_text, inherit, or that of a resource
//	value       of a var: a text, or for the type json the value itself; of a secret only with --reveal
//	attributes  of a resource, from its configuration, which can hold keys: only with --reveal, and if there are any
//	source      where it comes from, as .dev.vars:3:1 or wrangler.jsonc:9:17 vars.API_HOST, seen from the directory
//	candidates  with --explain: every source that had the name, with outcome and reason. Names that are not bound
//	            are then objects at the end, that have neither a type nor a source
//
// The findings of check are, with --json, an array of objects with severity, rule, file, line, column, key and text,
// of which only severity, rule and text are always there. No finding and no error holds a value.
//
// # Running a command
//
// Run puts the env over the environment of its own process, JSON vars as their JSON text, and becomes COMMAND, in the
// present directory: signals, terminal and exit status are those of COMMAND. Where a process cannot become another
// one, as on Windows, it waits for COMMAND. Names and values that no process environment can hold are refused.
//
// # Serving the API
//
// Serve is package controlplane behind an HTTP server, at 127.0.0.1 and a free port unless --addr says something else. It
// prints CLOUDFLARE_API_BASE_URL, CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID as commands of a POSIX shell and closes
// standard output, so that a shell can evaluate it while the server lives on:
//
//	eval "$(workerenv serve & echo server=$!)"
//	wrangler deploy
//	kill "$server"
//
// Every account is there, and the one that it prints is for projects that name none; with --account there is no other.
//
// The token is shown here and nowhere else, and any other one is refused. It is random unless --token or the variable
// WORKERENV_TOKEN gives one; arguments are seen by every user of the machine, variables are not. CLOUDFLARE_API_TOKEN
// is not read, since it could be a real one. Clients on other machines are served only with a token that was given and
// with TLS: without both, --addr has to stand for addresses of loopback and nothing else.
//
// Standard error has a line for each request: time, method, path, status, codes of errors, duration. Names of secrets
// can be in a path; values, queries, headers and bodies are in no line. A client has 10 seconds for the header of a
// request and a minute for all of it, 64 KiB for the header and 64 MiB for an upload, and 2 minutes until it has taken the answer.
//
// SIGINT and SIGTERM stop the server, unless the process was started with them ignored. Requests that are under way may
// end, for 10 seconds or until a second signal. Everything was in memory, and is gone.
//
// # Exit status
//
// The exit status is 0, 1 if wrangler would refuse the project or the output cannot be written, or 2 for wrong usage.
// Serve has 1 if it cannot listen, or if requests had to be cut off when it was stopped.
// The findings of check that are only warnings leave it at 0. Run has the exit status of
// COMMAND, 127 if there is no such command, or 126 if it cannot be run.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "workerenv:", err)
		os.Exit(statusFailure)
	}
	colors := wantsColor(os.LookupEnv)
	c := command{
		dir:     dir,
		environ: os.Environ(),
		stdout:  output{os.Stdout, colors && isTerminal(os.Stdout)},
		stderr:  output{os.Stderr, colors && isTerminal(os.Stderr)},
		become:  becomeProcess,
		git:     askGit,

		listen:     net.Listen,
		lookupHost: net.DefaultResolver.LookupNetIP,
		signals:    notify,
	}
	os.Exit(c.run(os.Args[1:]))
}

// notify sends the signals that ask this process to end, but for those that it was started to ignore, as a shell does with
// what runs in the background.
func notify(into chan<- os.Signal) (stop func()) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if !signal.Ignored(s) {
			signal.Notify(into, s)
		}
	}
	return func() { signal.Stop(into) }
}

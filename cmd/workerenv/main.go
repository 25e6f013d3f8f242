// Command workerenv shows what the env of a Cloudflare Worker has, as wrangler 4.164.0 resolves it,
// and where each value comes from. It also serves Cloudflare's API, to test programs that deploy
// Workers.
//
//	workerenv env [flags]                       show what wrangler dev binds
//	workerenv deploy-bindings [flags]           show what wrangler deploy uploads
//	workerenv run [flags] [--] COMMAND [ARG]... run COMMAND with the env in its environment
//	workerenv check [flags]                     show errors, warnings and notes about the project
//	workerenv explain [flags] NAME              show where the binding NAME comes from, and why
//	workerenv set [flags] NAME [-]              set a local secret to a value from standard input
//	workerenv unset [flags] NAME                remove a local secret
//	workerenv serve [flags]                     serve Cloudflare's API and a dashboard
//	workerenv copy --from FILE --to FILE        copy a database of serve
//	workerenv keys rotate --keyset FILE         add a primary key to a keyset of serve
//	workerenv keys rewrap --data F --keyset F   encrypt a database of serve with the primary key
//	workerenv COMMAND --help                    show the flags of a command
//	workerenv --version                         show the version of the module
//
// The project is the one that wrangler would find in the current directory, or in the directory of
// --cwd. Flags have the same names as in wrangler, and environment variables such as CLOUDFLARE_ENV
// have the same effect. With --pages, git is run to find the branch and the commit, as in wrangler
// pages dev. Check, set and unset run git to find files of secrets that it would publish.
//
// # Output
//
// Values of secrets are hidden, long values are cut, and characters that could affect a terminal
// are escaped. Findings are printed on standard error; if there are many, check shows all of them.
// Columns are aligned by the number of characters, so wide and combining characters shift the rest
// of their line. The output to a terminal has color unless NO_COLOR is set or TERM is dumb; with
// FORCE_COLOR all output has. No finding and no error contains a value, and errors about arguments
// show no argument but names of flags.
//
// With --json the bindings are a JSON array of objects with these members:
//
//	name        the name of the binding
//	type        its kind: plain_text, json, secret_text, inherit, or that of a resource
//	value       a string, or any JSON value for the type json; for a secret only with --reveal
//	attributes  of a resource, which can contain keys: only with --reveal
//	source      where it comes from, such as .dev.vars:3:1 or wrangler.jsonc:9:17 vars.API_HOST
//	candidates  with --explain: all sources of the name, with outcome and reason; names that are
//	            not bound are objects at the end of the array, without type and source
//	config      with several --config: the configuration
//
// Check --json prints an array of objects with severity, rule, file, line, column, key, text and
// environment, of which severity, rule and text are always present. An error is what wrangler
// refuses. A warning is what may lose a value or expose a secret. A note is worth knowing.
//
// # Running a command
//
// Run adds the env to its own process environment, JSON vars as their JSON text, and replaces
// itself by COMMAND in the current directory: COMMAND gets the signals and the terminal of run, and
// its exit status is that of run. On systems such as Windows, where a process cannot be replaced,
// run waits for COMMAND. Names and values that a process environment cannot hold are errors.
//
// With --watch, run stays and starts COMMAND again each time that a change of the project's files
// changes the env: it sends SIGTERM and, after 5 seconds, SIGKILL. A COMMAND that has ended is
// started again at the next change. While the project is broken, COMMAND keeps the env that it has.
// SIGINT and SIGTERM end both.
//
// # Editing local secrets
//
// Set and unset edit the file from which wrangler dev reads secrets, beside the configuration. Set
// creates .dev.vars, readable by its owner only, unless wrangler reads .env files: these are not
// edited, and wrangler ignores them if there is a .dev.vars. All other lines stay as they are, also
// if several processes edit the file at the same time.
//
// As in wrangler secret put, white space at the end of the value is removed. A value is never an
// argument, since all users of the machine can see arguments.
//
// # Serving the API
//
// Serve prints CLOUDFLARE_API_BASE_URL, which wrangler reads, CLOUDFLARE_BASE_URL, which
// Cloudflare's SDKs and Terraform read, CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID as commands
// for a POSIX shell. Then it closes standard output, so that a shell can evaluate them while the
// server runs. All account IDs are valid, and the printed one is for projects without an
// account_id; with --account, only that account is valid.
//
// Requests need the printed token, as an API token or as an API key with any e-mail address.
// CLOUDFLARE_API_TOKEN is not read, since it could be a real one. On a loopback address, the Host
// header of a request must be a loopback address, localhost or the host of --addr, so that no web
// page can reach the server by making its own host name an address of this machine.
//
// Everything outside /client/v4 is the dashboard of the printed account, which never has the token.
// With --read-only it changes nothing. With --project DIR it does not deploy a version that lacks a
// name in secrets.required of the project in DIR, as wrangler deploy does not. The configuration is
// read once, when serve starts.
//
// Each request is logged with its time, method, path, status, error codes and duration, and the
// names of the parameters in its query; a name that does not have the form of those of Cloudflare's
// API is shown as "?". A path can contain the name of a secret, and is cut if it is long; values,
// headers and bodies are not logged. While nobody reads standard error, lines of the log are
// dropped, and counted in a later line.
//
// A client has 10 seconds to send the header of a request, 1 minute for the whole request, and 2
// minutes to read the response. A header can have 64 KiB, an upload 64 MiB.
//
// # Data
//
// With --data FILE, serve keeps versions, deployments, settings, Pages projects and the contents of
// modules in an SQLite database. FILE must be on a local disk; beside it are FILE-wal and FILE-shm
// while it is in use. The API token is not in it.
//
// With --keyset FILE, all records are encrypted, with the keys in a cleartext JSON keyset of Tink.
// Not encrypted are the sizes of records and the names of logs, which contain the IDs of accounts
// and Workers and the digests of modules. Serve makes the keyset if neither keys nor data exist,
// and refuses one that other users can read. A running serve reads what others encrypt with a new
// key. Keys rewrap removes the old ciphertexts from the file.
//
// Copy is also a backup; so is the statement VACUUM INTO 'COPY' of SQLite. A backup that is put in
// the place of FILE, without FILE-wal and FILE-shm, restores it.
//
// With the build tag nosqlite the command is smaller and has no --data, copy and keys.
//
// # Exit status
//
// The exit status is 0; 1 if wrangler would refuse the project, check finds an error, or the
// command cannot do its work; or 2 for wrong usage. Run exits with the status of COMMAND, 127 if
// COMMAND is not found, or 126 if it cannot be run. Serve exits with 1 if active requests did not
// finish.
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
	c := command{
		dir:     dir,
		environ: os.Environ(),
		stdin:   os.Stdin,
		stdout:  outputTo(os.Stdout),
		stderr:  outputTo(os.Stderr),
		become:  becomeProcess,
		ask:     askTerminal,
		git:     askGit,

		listen:      net.Listen,
		resolveAddr: net.ResolveTCPAddr,
		signals:     notify,
	}
	os.Exit(c.run(os.Args[1:]))
}

// notify relays the signals that ask this process to end, except those that it was started with
// ignored, as shells start background processes. A reader of the log that goes away does not end
// the process either.
func notify(into chan<- os.Signal) (stop func()) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if !signal.Ignored(s) {
			signal.Notify(into, s)
		}
	}
	signal.Ignore(syscall.SIGPIPE)
	return func() { signal.Stop(into) }
}

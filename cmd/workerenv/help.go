package main

import (
	"fmt"
	"runtime/debug"
)

const usage = `usage: workerenv COMMAND [flags]

  env                show what wrangler dev binds, and where each value comes from
  deploy-bindings    show what wrangler deploy uploads
  run -- COMMAND     run COMMAND with the env in its environment
  check              show errors and warnings about the project
  explain NAME       show where one binding comes from, and why
  set NAME           set a local secret to a value from standard input
  unset NAME         remove a local secret
  serve              serve Cloudflare's API, to test its clients, and a dashboard
  copy               copy a database of serve to a new file
  keys rotate        add a key to the keyset with which serve encrypts
  keys rewrap        encrypt a database of serve with the newest key

Use workerenv COMMAND -h for the flags of a command, and workerenv --version for the
version. The behavior is that of wrangler 4.164.0.
`

const locationHelp = `
The project:
  -C DIR                run in DIR, as if wrangler were run there; paths in the output
                        are relative to it
  -c, --config FILE     the configuration file; by default wrangler's search finds it;
                        may be repeated for several Workers, except with run
  -e, --env NAME        the environment; --env= selects the top level
      --script FILE     the entry point, as an argument of wrangler; the configuration
                        is then searched for from its directory upwards
`

const projectHelp = locationHelp + `      --env-file FILE   read FILE instead of .dev.vars and .env; may be repeated
      --var NAME:VALUE  a var that replaces all others of that name; may be repeated
`

const pagesFlagHelp = `      --pages           for wrangler pages dev
`

const pagesHelp = `      --pages           resolve as wrangler pages dev does, with the commit from git
      --binding NAME=VALUE
                        with --pages, a var that replaces all others of that name;
                        may be repeated
`

const deployHelp = `
The upload:
      --secrets-file FILE   secrets to upload: a JSON object or NAME=value lines
      --keep-vars           keep the vars of the deployed Worker
      --new-worker          there is no deployed Worker yet
      --remote-secret NAME  a secret that the deployed Worker has; may be repeated
      --strict              make replacing such a secret an error, not a warning
`

const jsonHelp = `
The output:
      --json            print a JSON array of objects
`

const checkHelp = `      --format FORMAT   text, json, or github for annotations of GitHub Actions
      --ignore RULE     leave out the findings of RULE; may be repeated
      --rules           show all rules, with their meanings and cures
      --remote-secrets FILE
                        compare with the secrets of the deployed Worker, by name: FILE has
                        the output of wrangler secret list --format json; - is stdin
`

const bindingsHelp = jsonHelp + `      --reveal          show the values of secrets and the attributes of resources
      --explain         show the unused sources of each name, with the reasons
`

const serviceHelp = `usage: workerenv serve [flags]

Serves the part of Cloudflare's API that manages Workers, to test its clients. Prints
the variables that clients need as commands for a POSIX shell:

  eval "$(workerenv serve & echo server=$!)"
  wrangler deploy
  kill "$server"

Also serves a dashboard, and prints a link to it on standard error. The link signs in
one browser, within ten minutes; a browser that is not signed in can ask for another.

wrangler reads CLOUDFLARE_API_BASE_URL; SDKs and Terraform providers read
CLOUDFLARE_BASE_URL, and without it send the secrets of a test to the real API.

Logs each request to standard error, with the names of the parameters in its query. On
SIGINT or SIGTERM, active requests have 10 seconds to finish; a second signal stops
them.

The service:
      --addr HOST:PORT   the address to listen on; the default 127.0.0.1:0 uses a free
                         port; non-loopback addresses require a token and TLS
      --token TOKEN      the API token; by default WORKERENV_TOKEN, which other users
                         of this machine cannot see, or else a random one
      --account ID       serve this account only; by default all account IDs are valid
      --tls-cert FILE    serve HTTPS with this certificate chain, in PEM
      --tls-key FILE     the private key of the certificate, in PEM
      --read-only        refuse changes through the dashboard, but not through the API

The data:
      --data FILE        keep everything in this SQLite database, which is created if it
                         does not exist; by default everything is in memory and is lost
      --keyset FILE      encrypt the database with these keys; a new database gets new
                         ones. No other user may read the file. Keep a copy: without
                         the keys the data is lost
      --compact          remove old data for good: versions older than the newest 100,
                         with their values and IDs; deployments in the same way; and
                         everything of a deleted Worker but its name. What is deployed,
                         the target of a rollback and the contents of modules stay

A change is on disk before its response is sent, and survives SIGKILL. Several processes
can serve one database, on a local disk. Each start makes a new random token and chooses
a free port unless --token and --addr are used.
`

const copyHelp = `usage: workerenv copy --from FILE --to FILE [--from-keyset FILE] [--to-keyset FILE]

Copies a database of serve, as it is at one moment, to a new file. Serve can run at the
same time. Copy writes everything or nothing: if it is interrupted, start it again; if
the new file then has records already, the copy is complete.

      --from FILE          a database of serve
      --from-keyset FILE   the keys with which it is encrypted
      --to FILE            the new file
      --to-keyset FILE     encrypt the new file with these keys, created if they do not
                           exist; without it the new file is not encrypted
`

const rotateHelp = `usage: workerenv keys rotate --keyset FILE

Adds a key to a keyset and makes it the primary one. Serve encrypts with it after its
next start. The older keys still decrypt what they encrypted.

      --keyset FILE   a JSON keyset of Tink to which only its owner has access
`

const rewrapHelp = `usage: workerenv keys rewrap --data FILE --keyset FILE

Encrypts everything in a database of serve with the primary key. Serve can run at the
same time, if it was started after keys rotate. If rewrap is interrupted, nothing is
lost; start it again. The older keys stay in the keyset: backups need them.

      --data FILE     a database of serve
      --keyset FILE   the keys with which it is encrypted
`

const watchHelp = `
      --watch           start COMMAND again each time that its env changes, until interrupted
`

// helps has the help of each command.
var helps = map[string]string{
	"env": "usage: workerenv env [flags]\n\n" +
		"Shows what wrangler dev binds, and where each value comes from.\n" + projectHelp + pagesHelp + bindingsHelp,
	"deploy-bindings": "usage: workerenv deploy-bindings [flags]\n\n" +
		"Shows what wrangler deploy uploads, and where each value comes from. Local files such\n" +
		"as .dev.vars are never deployed.\n" +
		projectHelp + deployHelp + bindingsHelp,
	"serve":       serviceHelp,
	"copy":        copyHelp,
	"keys rotate": rotateHelp,
	"keys rewrap": rewrapHelp,
	"run": "usage: workerenv run [flags] [--] COMMAND [ARG]...\n\n" +
		"Runs COMMAND in the current directory with what wrangler dev binds in its environment.\n" +
		"The exit status is that of COMMAND, 127 if it is not found, 126 if it cannot be run.\n" +
		projectHelp + pagesHelp + watchHelp,
	"set": "usage: workerenv set [flags] NAME [-]\n\n" +
		"Sets the secret NAME in the file from which wrangler dev reads it: .dev.vars.ENV if it\n" +
		"exists and --env is used, or else .dev.vars. On a terminal, asks for the value without\n" +
		"showing it; otherwise, or with -, reads standard input. Removes white space at the end\n" +
		"of the value. Does not edit .env files. Warns if git would publish the file.\n" + locationHelp + pagesFlagHelp,
	"unset": "usage: workerenv unset [flags] NAME\n\n" +
		"Removes the secret NAME from the file from which wrangler dev reads it: .dev.vars.ENV\n" +
		"if it exists and --env is used, or else .dev.vars.\n" + locationHelp + pagesFlagHelp,
	"check": "usage: workerenv check [flags]\n\n" +
		"Shows errors and warnings about the project, including files of secrets that git\n" +
		"would publish. Without --env all environments are checked. The exit status is 1 if\n" +
		"there is an error.\n" + projectHelp + pagesHelp + jsonHelp + checkHelp,
	"explain": "usage: workerenv explain [flags] NAME\n\n" +
		"Shows where the binding NAME comes from: all its sources, the strongest first, why\n" +
		"each is used or not, and what to change.\n" + projectHelp + pagesHelp + bindingsHelp,
}

func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

// unknownCommand does not quote the word, which can be a part of a secret.
const unknownCommand = "unknown command; the commands are env, deploy-bindings, run, check, explain, set, unset, " +
	"serve, copy, keys rotate and keys rewrap"

// help prints the help of the command that args name, or the usage of all commands.
func (c command) help(args []string) int {
	text := usage
	if len(args) > 0 {
		var ok bool
		if text, ok = helps[args[0]]; args[0] == "keys" {
			text = rotateHelp + "\n" + rewrapHelp
		} else if !ok {
			return c.misuse("", unknownCommand)
		}
	}
	return c.print(text)
}

func isVersion(word string) bool { return word == "-version" || word == "--version" }

// version prints the version of the module that the command was built from.
func (c command) version() int {
	version := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	return c.print("workerenv " + version + "\n")
}

func (c command) print(text string) int {
	if _, err := fmt.Fprint(c.stdout, text); err != nil {
		return c.fail(err)
	}
	return statusOK
}

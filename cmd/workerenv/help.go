package main

import "fmt"

const usage = `usage: workerenv COMMAND [flags]

  env                show what wrangler dev binds, and where it comes from
  deploy-bindings    show what wrangler deploy uploads
  run -- COMMAND     run COMMAND with the env in its environment
  check              show what is wrong or looks wrong
  serve              serve Cloudflare's API from memory, to test its clients

workerenv COMMAND -h tells the flags. The reference is wrangler 4.164.0.
`

const projectHelp = `
The project:
  -C DIR                the directory that wrangler would be run in, if not this one;
                        paths are shown as seen from there
  -c, --config FILE     the configuration, instead of looking for one
  -e, --env NAME        the environment; --env= is the top level
      --env-file FILE   read FILE instead of .dev.vars and .env; may be repeated
      --script FILE     the entry point, if wrangler is given one: the configuration
                        is then looked for where that is, and above
      --var NAME:VALUE  a var that beats everything else; may be repeated
`

const pagesHelp = `      --pages           do as wrangler pages dev does; git is asked for the commit
      --binding NAME=VALUE
                        with --pages, a var that beats everything else; may be
                        repeated
`

const deployHelp = `
The upload:
      --secrets-file FILE   secrets to upload: a JSON object or NAME=value lines
      --keep-vars           keep the vars of the deployed Worker
      --new-worker          there is no deployed Worker yet
      --remote-secret NAME  a secret that the deployed Worker has; may be repeated
      --strict              refuse to replace such a secret, instead of a warning
`

const jsonHelp = `
The output:
      --json            an array of JSON objects, instead of text for people
`

const bindingsHelp = jsonHelp + `      --reveal          with the values of secrets and the attributes of resources
      --explain         with the sources of each name that are not used, and why
`

const serviceHelp = `usage: workerenv serve [flags]

Serves the part of Cloudflare's API that manages Workers, from memory, to test its
clients. Prints the variables that make wrangler a client, for a POSIX shell:

  eval "$(workerenv serve & echo server=$!)"
  wrangler deploy
  kill "$server"

Logs every request on standard error. On SIGINT or SIGTERM what is under way may end,
for 10 seconds or until a second signal; then everything is gone.

The service:
      --addr HOST:PORT   where to listen, if not at 127.0.0.1:0; port 0 is a free one.
                         Where other machines could reach it, that takes a token and
                         TLS
      --token TOKEN      what clients have to bear; without it that of the variable
                         WORKERENV_TOKEN, which other users do not see, or a random
                         one
      --account ID       the only account that there is; without it, every one is there
      --tls-cert FILE    serve HTTPS, with this certificate and those that sign it,
      --tls-key FILE     and its key, both in PEM
`

// helps is what to say about each command.
var helps = map[string]string{
	"env": "usage: workerenv env [flags]\n\n" +
		"Shows what wrangler dev binds, and where it comes from.\n" + projectHelp + pagesHelp + bindingsHelp,
	"deploy-bindings": "usage: workerenv deploy-bindings [flags]\n\n" +
		"Shows what wrangler deploy uploads, and where it comes from. Local files such as\n.dev.vars are never deployed.\n" +
		projectHelp + deployHelp + bindingsHelp,
	"serve": serviceHelp,
	"run": "usage: workerenv run [flags] [--] COMMAND [ARG]...\n\n" +
		"Runs COMMAND, in this directory, with what wrangler dev binds in its environment.\n" +
		"The exit status is that of COMMAND, 127 if there is none, 126 if it cannot be run.\n" + projectHelp + pagesHelp,
	"check": "usage: workerenv check [flags]\n\n" +
		"Shows what is wrong or looks wrong, files of secrets that git would publish\nincluded. The exit status is 1 if something is an error.\n" + projectHelp + pagesHelp + jsonHelp,
}

func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

// help tells about the command that args name, or about all of them.
func (c command) help(args []string) int {
	text := usage
	if len(args) > 0 {
		var ok bool
		if text, ok = helps[args[0]]; !ok {
			return c.misuse("", fmt.Sprintf("there is no command %q", args[0]))
		}
	}
	if _, err := fmt.Fprint(c.stdout, text); err != nil {
		return c.fail(err)
	}
	return statusOK
}

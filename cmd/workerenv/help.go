package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"
)

// verb is a command of workerenv.
type verb struct {
	name  string // one or two words
	args  string // after the name, in the first line of the help
	does  string // a line of the list of commands
	help  string // above the flags
	notes string // below the flags
	flags func(*flags, *pflag.FlagSet)
	run   func(command, *flags) int
}

var verbs = []verb{{
	name: "env", args: "[flags]", does: "show what wrangler dev binds, and where each value comes from",
	flags: (*flags).addEnv, run: command.env,
}, {
	name: "deploy-bindings", args: "[flags]",
	does:  "show what wrangler deploy uploads, and where each value comes from",
	help:  "Local files such as .dev.vars are never deployed.",
	flags: (*flags).addDeploy, run: command.deploy,
}, {
	name: "run", args: "[flags] [--] COMMAND [ARG]...",
	does: "run a command with what wrangler dev binds in its environment",
	help: `Runs COMMAND in the current directory. The exit status is that of COMMAND, 127 if it is
not found, or 126 if it cannot be run.`,
	flags: (*flags).addRun, run: command.runProgram,
}, {
	name: "check", args: "[flags]", does: "show errors and warnings about the project",
	help: `Also shows files of secrets that git would publish. Without --env all environments are
checked. The exit status is 1 if there is an error.`,
	flags: (*flags).addCheck, run: command.check,
}, {
	name: "explain", args: "[flags] NAME", does: "show where one binding comes from, and why",
	help: `Shows all sources of the binding NAME, the strongest first, why each is used or not, and
what to change.`,
	flags: (*flags).addEnv, run: command.explain,
}, {
	name: "set", args: "[flags] NAME [-]", does: "set a local secret to a value from standard input",
	help: `Edits the file from which wrangler dev reads secrets: .dev.vars.ENV if it exists and --env
is used, or else .dev.vars. Does not edit .env files. On a terminal, asks for the value
without showing it; otherwise, or with -, reads standard input. Removes white space at the
end of the value. Warns if git would publish the file.`,
	flags: (*flags).addEdit, run: command.set,
}, {
	name: "unset", args: "[flags] NAME", does: "remove a local secret",
	help: `Edits the file from which wrangler dev reads secrets: .dev.vars.ENV if it exists and --env
is used, or else .dev.vars.`,
	flags: (*flags).addEdit, run: command.unset,
}, {
	name: "serve", args: "[flags]", does: "serve Cloudflare's API, to test its clients, and a dashboard",
	help: `The API is the part of Cloudflare's that manages Workers. Serve prints the variables that
clients need, as commands for a POSIX shell:

  eval "$(workerenv serve & echo server=$!)"
  wrangler deploy
  kill "$server"

wrangler reads CLOUDFLARE_API_BASE_URL; SDKs and Terraform providers read
CLOUDFLARE_BASE_URL, and without it send the secrets of a test to the real API.

On standard error it prints a link to the dashboard, and a line for each request. The link
signs in one browser, within ten minutes; a browser that is not signed in can ask for
another. On SIGINT or SIGTERM, active requests have 10 seconds to finish; a second signal
stops them.`,
	notes: `With --data, a change is on disk before its response is sent, and survives SIGKILL.
Several processes can serve one database, on a local disk. Each start makes a new random
token and chooses a free port unless --token and --addr are used.`,
	flags: (*flags).addServe, run: command.serve,
}, {
	name: "copy", args: "--from FILE --to FILE [--from-keyset FILE] [--to-keyset FILE]",
	does: "copy a database of serve, as it is at one moment, to a new file",
	help: `Serve can run at the same time. Copy writes everything or nothing: if it is interrupted,
start it again; if the new file then has records already, the copy is complete.`,
	flags: (*flags).addCopy, run: command.copyData,
}, {
	name: "keys rotate", args: "--keyset FILE", does: "add a primary key to the keyset with which serve encrypts",
	help: `Serve encrypts with the new key after its next start. The older keys still decrypt what
they encrypted.`,
	flags: (*flags).addRotate, run: command.rotateKeys,
}, {
	name: "keys rewrap", args: "--data FILE --keyset FILE",
	does: "encrypt everything in a database of serve with the primary key",
	help: `Serve can run at the same time, if it was started after keys rotate. If rewrap is
interrupted, nothing is lost; start it again. The older keys stay in the keyset: backups
need them.`,
	flags: (*flags).addRewrap, run: command.rewrapData,
}}

// findVerb returns the command that args name, and the other arguments.
func findVerb(args []string) (v verb, rest []string, ok bool) {
	for _, v := range verbs {
		n := strings.Count(v.name, " ") + 1
		if len(args) >= n && strings.Join(args[:n], " ") == v.name {
			return v, args[n:], true
		}
	}
	return verb{}, args, false
}

// usage returns the list of commands.
func usage() string {
	var b strings.Builder
	b.WriteString("usage: workerenv COMMAND [flags]\n\n")
	for _, v := range verbs {
		fmt.Fprintf(&b, "  %-17s%s\n", v.name, v.does)
	}
	b.WriteString("\nworkerenv COMMAND --help shows the flags of a command, workerenv --version the version.\n" +
		"The behavior is that of wrangler 4.164.0.\n")
	return b.String()
}

// usage returns the help of v.
func (v verb) usage() string {
	does := strings.ToUpper(v.does[:1]) + v.does[1:] + "."
	text := "usage: workerenv " + v.name + " " + v.args + "\n"
	list := "Flags:\n" + strings.TrimSuffix(v.flagSet(new(flags)).FlagUsagesWrapped(90), "\n")
	for _, part := range []string{does, v.help, list, v.notes} {
		if part != "" {
			text += "\n" + part + "\n"
		}
	}
	return text
}

func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

// unknownCommand does not quote the word, which can be a part of a secret.
const unknownCommand = "unknown command"

// help prints the help of the commands whose names start with args, or the list of all commands.
func (c command) help(args []string) int {
	if len(args) == 0 {
		return c.print(usage())
	}
	var texts []string
	for _, v := range verbs {
		if strings.HasPrefix(v.name+" ", strings.Join(args, " ")+" ") {
			texts = append(texts, v.usage())
		}
	}
	if texts == nil {
		return c.misuse("", unknownCommand)
	}
	return c.print(strings.Join(texts, "\n"))
}

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

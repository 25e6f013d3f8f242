// Command workerenv shows what is in the env of a Cloudflare Worker, as wrangler 4.164.0 resolves it, and where each
// value comes from.
//
// Usage:
//
//	workerenv env [flags]                     what wrangler dev binds, as a table
//	workerenv deploy-bindings [flags]         what wrangler deploy uploads
//	workerenv run [flags] -- COMMAND [ARG]... run COMMAND with the env in its environment
//	workerenv check [flags]                   what is wrong or looks wrong; exit status 1 if something is an error
//
// Secrets are hidden unless --reveal is given. See workerenv COMMAND -h for the flags.
//
// The exit status is 0, 1 if wrangler would refuse the project, or 2 for wrong usage. Run has the exit status of
// COMMAND, or 127 if there is no such command.
package main

import (
	"fmt"
	"os"
)

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "workerenv:", err)
		os.Exit(1)
	}
	c := command{
		dir: dir, environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr,
		color: isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "", exec: replaceProcess,
	}
	os.Exit(c.run(os.Args[1:]))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

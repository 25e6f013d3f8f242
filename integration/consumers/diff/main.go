// Command diff is a step of CI. It compares what `wrangler deploy` would give the code of a Workers
// project in two environments, and fails if one of them lacks a name. An empty NAME is the top level.
//
//	diff DIR NAME NAME
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: diff DIR NAME NAME")
	}
	same, err := compare(os.Stdout, wrangler.Options{Dir: os.Args[1]}, os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	if !same {
		os.Exit(1)
	}
}

// compare prints the differences and reports whether both environments have the same names.
func compare(w io.Writer, o wrangler.Options, before, after string) (same bool, err error) {
	old, err := deployed(o, before)
	if err != nil {
		return false, err
	}
	current, err := deployed(o, after)
	if err != nil {
		return false, err
	}
	same = true
	for _, change := range old.Diff(current) {
		fmt.Fprintln(w, change) // a name and a kind, and no value
		same = same && !change.Added() && !change.Removed()
	}
	return same, nil
}

// deployed returns the bindings of an environment. A required secret is an inherit binding, since only
// the deployed Worker has its value.
func deployed(o wrangler.Options, environment string) (binding.Set, error) {
	o.Environment = &environment
	config, err := wrangler.Load(o)
	if err != nil {
		return binding.Set{}, err
	}
	resolution, err := config.Deploy(wrangler.DeployOptions{})
	if err != nil {
		return binding.Set{}, err
	}
	return resolution.Set(), nil
}

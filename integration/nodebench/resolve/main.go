// Command resolve prints what this library gives the Worker in the present folder, in the form of resolve.cjs.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

type row struct {
	Type  binding.Kind `json:"type"`
	Value any          `json:"value"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "resolve:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	config, err := wrangler.Load(wrangler.Options{Dir: dir, Environ: os.Environ()})
	if err != nil {
		return err
	}
	resolution, err := config.Dev(wrangler.DevOptions{})
	if err != nil {
		return err
	}
	rows := map[string]row{}
	for _, b := range resolution.Bindings() {
		value, ok := b.Value()
		switch {
		case !ok: // a resource
		case b.Kind() == binding.JSON:
			rows[b.Name()] = row{b.Kind(), json.RawMessage(value.Reveal())}
		default:
			rows[b.Name()] = row{b.Kind(), value.Reveal()}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(rows)
}

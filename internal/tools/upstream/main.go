// Command upstream prints what changed for this library between two folders with npm packages: the
// recorded projects for which the newer wrangler has another result, and routes, members and kinds of
// bindings in Cloudflare's public schema. `.ci/run upstream` runs it.
//
//	go run ./internal/tools/upstream -pinned DIR -newest DIR
//
// Run it in the root of the module. It ends with status 0 whatever changed.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/internal/tools/fixture"
	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/schema"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	pinned := flag.String("pinned", "", "folder with the npm packages of internal/tools/oracle/npm")
	newest := flag.String("newest", "", "folder with newer ones")
	flag.Parse()
	if err := run(ctx, os.Stdout, *pinned, *newest); err != nil {
		fmt.Fprintln(os.Stderr, "upstream:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, pinned, newest string) error {
	if err := printVersions(w, pinned, newest); err != nil {
		return err
	}
	if err := printProjects(ctx, w, newest); err != nil {
		return err
	}
	before, err := schema.Read(filepath.Join(pinned, "node_modules"))
	if err != nil {
		return err
	}
	after, err := schema.Read(filepath.Join(newest, "node_modules"))
	if err != nil {
		return err
	}
	printSchema(w, before, after)
	return nil
}

// bundled matches the names of the packages in wrangler that read local files.
var bundled = regexp.MustCompile(`node_modules/\.pnpm/((?:dotenv|dotenv-expand|smol-toml|jsonc-parser)@[\d.]+)/`)

func printVersions(w io.Writer, pinned, newest string) error {
	for _, dir := range []string{pinned, newest} {
		tools, err := oracle.Open(dir)
		if err != nil {
			return err
		}
		defer tools.Close()
		fmt.Fprintf(w, "%s: %s", dir, strings.Join(tools.Versions(), ", "))
		code, err := os.ReadFile(filepath.Join(dir, "node_modules", "wrangler", "wrangler-dist", "cli.js"))
		if err != nil {
			return err
		}
		var names []string
		for _, m := range bundled.FindAllSubmatch(code, -1) {
			names = append(names, string(m[1]))
		}
		slices.Sort(names)
		fmt.Fprintf(w, "; wrangler has %q\n", slices.Compact(names))
	}
	return nil
}

// printProjects prints the recorded projects for which wrangler's library has another result or message.
func printProjects(ctx context.Context, w io.Writer, newest string) error {
	fixtures, err := fixture.Read("wrangler/testdata/fixtures", "*")
	if err != nil {
		return err
	}
	tools, err := oracle.Open(newest)
	if err != nil {
		return err
	}
	defer tools.Close()
	recordings, err := fixture.Recordings(ctx, tools, fixtures)
	if err != nil {
		return err
	}
	changed := 0
	for i, f := range fixtures {
		want, err := f.Recording()
		if err != nil {
			return err
		}
		if recordings[i] != want {
			changed++
			fmt.Fprintf(w, "project %s\nrecorded: %snow: %s", f.Name, want, recordings[i])
		}
	}
	fmt.Fprintf(w, "recorded projects: %d, with another result: %d\n", len(fixtures), changed)
	return nil
}

// concerned matches the routes whose changes are printed.
var concerned = regexp.MustCompile(`^\w+ (/accounts/\{\}|/zones/\{\})?/(workers|pages|workflows)(/|$)`)

// printSchema prints routes that are only in one of two schemas, and such members of the routes that
// package controlplane serves. Members include the kinds of bindings, as
// "metadata.bindings[KIND].NAME".
func printSchema(w io.Writer, before, after schema.API) {
	changed := printOnlyIn(w, "+", "", routesOf(after), routesOf(before))
	changed += printOnlyIn(w, "-", "", routesOf(before), routesOf(after))
	for _, served := range controlplane.Routes() {
		route := schema.Route(served)
		if _, ok := before[route]; ok {
			changed += printOnlyIn(w, "+", route+" ", after[route], before[route])
			changed += printOnlyIn(w, "-", route+" ", before[route], after[route])
		}
	}
	fmt.Fprintf(w, "routes and members that were added or removed: %d\n", changed)
}

func routesOf(api schema.API) []string {
	var list []string
	for route := range api {
		if concerned.MatchString(route) {
			list = append(list, route)
		}
	}
	slices.Sort(list)
	return list
}

// printOnlyIn prints what is in list and not in other, two sorted lists, and returns how many lines that
// are. It omits members of what it has printed.
func printOnlyIn(w io.Writer, sign, prefix string, list, other []string) (n int) {
	printed := " "
	for _, text := range list {
		_, isOld := slices.BinarySearch(other, text)
		if isOld || strings.HasPrefix(text, printed+".") || strings.HasPrefix(text, printed+"[") {
			continue
		}
		fmt.Fprintln(w, sign, prefix+text)
		printed = text
		n++
	}
	return n
}

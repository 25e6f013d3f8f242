// Command record runs the real tools and writes their results into the testdata of this module. See
// docs/recording.md.
//
//	go run ./internal/tools/record -oracle DIR
//	go run ./internal/tools/record -oracle DIR -fixtures 'vars-*'
//	go run ./internal/tools/record -oracle DIR -commands 'pages-*'
//
// The first line records documents and expansions for package devvars, the second one projects for
// package wrangler, and the third one command lines for package wrangler. The patterns select names.
//
// DIR is a folder with the npm packages of internal/tools/oracle/npm. Run the command in the root of
// the module.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/workerenv/workerenv/internal/tools/fixture"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	dir := flags.String("oracle", "", "folder with the npm packages")
	fixtures := flags.String("fixtures", "", "record projects with names that match this pattern")
	commands := flags.String("commands", "", "record command lines with names that match this pattern")
	if err := flags.Parse(args); err != nil {
		return err
	}
	tools, err := oracle.Open(*dir)
	if err != nil {
		return err
	}
	defer tools.Close()
	if *fixtures != "" {
		return fixture.Record(ctx, tools, "wrangler/testdata/fixtures", *fixtures)
	}
	if *commands != "" {
		return fixture.RecordCommands(ctx, tools, "wrangler/testdata/recorded", *commands)
	}
	return recordDevvars(ctx, tools, "devvars/testdata")
}

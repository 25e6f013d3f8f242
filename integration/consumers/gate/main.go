// Command gate is a step of CI. It logs what is wrong with the Workers project in a directory, and
// fails if wrangler would refuse the project.
//
//	gate [DIR]
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/workerenv/workerenv/wrangler"
)

func main() {
	var o wrangler.Options // the project in the working directory
	if len(os.Args) > 1 {
		o.Dir = os.Args[1]
	}
	os.Exit(check(slog.New(slog.NewJSONHandler(os.Stderr, nil)), o))
}

// check logs each finding and returns the exit status: 1 if one of them is an error.
func check(logger *slog.Logger, o wrangler.Options) (status int) {
	for _, f := range wrangler.Check(o) {
		level := slog.LevelWarn
		if f.Severity == wrangler.SeverityError {
			level, status = slog.LevelError, 1
		}
		logger.Log(context.Background(), level, f.Text, "rule", f.Rule, "place", f.Place(), "key", f.Key)
	}
	return status
}

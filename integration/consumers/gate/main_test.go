package main

import (
	"bytes"
	"log/slog"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

func TestCheck(t *testing.T) {
	project := func(config, secrets string) wrangler.Options {
		return wrangler.Options{FS: fstest.MapFS{
			"wrangler.json": {Data: []byte(config)},
			".dev.vars":     {Data: []byte(secrets)},
		}}
	}
	for _, test := range []struct {
		name    string
		options wrangler.Options
		status  int
		logged  string // "" means that nothing is logged
	}{
		{"good", project(`{"vars": {"HOST": "a"}}`, "KEY=hunter2\n"), 0, ""},
		{"warning", project(`{"vars": {"HOST": "a"}}`, "KEY=hunter2\nKEY=hunter2\n"), 0,
			"rule=duplicate-key place=.dev.vars:1:1 key=KEY"},
		{"error", project(`{"vars": ["hunter2"]}`, ""), 1, "place=wrangler.json:1:"},
		{"mistyped directory", wrangler.Options{Dir: "nowhere"}, 1, "rule=file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			require.Equal(t, test.status, check(slog.New(slog.NewTextHandler(&log, nil)), test.options))
			require.Contains(t, log.String(), test.logged)
			require.Equal(t, test.logged == "", log.Len() == 0, log.String())
			require.NotContains(t, log.String(), "hunter2")
		})
	}
}

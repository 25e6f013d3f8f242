package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/schema"
)

func TestPrintSchema(t *testing.T) {
	const scripts = "PUT /accounts/{}/workers/scripts/{}"
	before := schema.API{
		scripts:         {"metadata.bindings[ai].name", "metadata.old"},
		"GET /zones/{}": nil, "GET /pages/old": nil,
	}
	after := schema.API{
		scripts: {"metadata.bindings[ai].name", "metadata.bindings[new].name", "metadata.new", "metadata.new.a",
			"metadata.new[b].c"},
		"GET /accounts/{}/workers/new": nil, "GET /accounts": nil,
	}
	var out bytes.Buffer
	printSchema(&out, before, after)
	require.Equal(t, `+ GET /accounts/{}/workers/new
- GET /pages/old
+ `+scripts+` metadata.bindings[new].name
+ `+scripts+` metadata.new
- `+scripts+` metadata.old
routes and members that were added or removed: 5
`, out.String())
}

// TestNothingNew compares the pinned packages with themselves.
func TestNothingNew(t *testing.T) {
	dir := live.Dir(t)
	t.Chdir("../../..")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, dir, dir))
	require.Contains(t, out.String(), "with another result: 0\n")
	require.Contains(t, out.String(), "added or removed: 0\n")
	require.Contains(t, out.String(), "dotenv@16.3.1")
}

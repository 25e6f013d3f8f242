package main

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/fixture"
)

// TestChanges requires that each pattern of a change matches a recorded project.
func TestChanges(t *testing.T) {
	fixtures, err := fixture.Read("../../../wrangler/testdata/fixtures", "*")
	require.NoError(t, err)
	for _, c := range changes {
		for pattern := range strings.FieldsSeq(c.projects) {
			one := change{projects: pattern}
			require.True(t, slices.ContainsFunc(fixtures, func(f fixture.Fixture) bool { return one.has(f.Name) }), pattern)
		}
	}
}

func TestRows(t *testing.T) {
	differs := func(projects ...string) map[string]difference {
		all := make(map[string]difference)
		for _, p := range projects {
			all[p] = difference{"a", "b"}
		}
		return all
	}
	all := []results{
		{release: release{version: "3", onlyDev: true}, Dev: differs("dotenv-bom", "secrets-empty-object")},
		{release: release{version: "4.1"}, Library: differs("secrets-empty-object", "toml-crlf"), Dev: differs("dotenv-bom")},
		{release: release{version: "4.2"}, Library: differs("secrets-empty-object", "secrets-not-object")},
		{release: release{version: "4.3"}, Library: differs()},
	}
	rows, err := rowsOf(all)
	require.NoError(t, err)
	var got []string
	for _, r := range rows {
		got = append(got, all[r.last].version+": "+strings.Join(r.projects, " "))
	}
	want := []string{"4.2: secrets-empty-object", "4.2: secrets-not-object", "4.1: toml-crlf", "3: dotenv-bom"}
	require.Equal(t, want, got)
	_, err = rowsOf([]results{{Library: differs("unheard-of")}})
	require.ErrorContains(t, err, "unheard-of")
}

// TestDocument requires that docs/compatibility.md has the texts of this program and a row for each
// release and each change. It does not run the wranglers.
func TestDocument(t *testing.T) {
	data, err := os.ReadFile("../../../docs/compatibility.md")
	require.NoError(t, err)
	text := string(data)
	count := regexp.MustCompile(`resolves the (\d+) projects`).FindStringSubmatch(text)
	require.NotNil(t, count)
	projects, err := strconv.Atoi(count[1])
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, introOf(projects)))
	require.Contains(t, text, changesIntro)
	for _, r := range releases {
		require.Contains(t, text, "\n| "+r.version+" | "+r.when+" | ")
	}
	for _, c := range changes {
		require.Contains(t, text, " | "+c.what+" | ")
	}
}

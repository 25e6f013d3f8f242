package devvars_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/tools/docgen"
)

// documentsPerWarning is the least number of correct documents for one false warning.
const documentsPerWarning = 20

// warningsOf returns the findings of text that are not notes.
func warningsOf(text []byte) []devvars.Finding {
	return slices.DeleteFunc(slices.Collect(devvars.Parse(text).Findings()), func(f devvars.Finding) bool {
		return f.Severity == devvars.SeverityNote
	})
}

func TestNoFalseAlarmInGeneratedDocuments(t *testing.T) {
	const documents = 1000
	g := docgen.New(1)
	var warnings []devvars.Finding
	for range documents {
		doc := g.Correct()
		warnings = append(warnings, warningsOf(doc)...)
		for a := range devvars.Parse(doc).Assignments() {
			require.False(t, a.IsFragment(), "%q", doc)
		}
	}
	require.LessOrEqual(t, len(warnings)*documentsPerWarning, documents, "%v", warnings)
}

// TestNoFalseAlarmInRecordedProjects checks the local files of the projects that wrangler was recorded
// with, except those that are about the syntax of the files.
func TestNoFalseAlarmInRecordedProjects(t *testing.T) {
	aboutSyntax := regexp.MustCompile(`/fixtures/devvars-`)
	isLocal := regexp.MustCompile(`^\.dev\.vars|^\.env|\.env$`)
	documents := 0
	var warnings []devvars.Finding
	err := filepath.WalkDir("../wrangler/testdata", func(path string, entry fs.DirEntry, err error) error {
		isChecked := isLocal.MatchString(entry.Name()) && !aboutSyntax.MatchString(filepath.ToSlash(path))
		if err != nil || entry.IsDir() || !isChecked {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.TrimSpace(string(text)) != "" {
			documents++
			warnings = append(warnings, warningsOf(text)...)
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, documents, 100)
	t.Logf("%d warnings about %d documents: %v", len(warnings), documents, warnings)
	require.LessOrEqual(t, len(warnings)*documentsPerWarning, documents, "%v", warnings)
}

package clients

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the tables of docs/clients.md; needs all environment variables")

const page = "../../docs/clients.md"

// TestTable compares the tables of docs/clients.md with the operations that TestClients runs, and the resources of
// TestTerraform5.
func TestTable(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	want := string(text)
	want = replaced(t, want, "operations", operationsTable(t))
	want = replaced(t, want, "terraform", terraformTable())
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(text), "run go test ./clients -run TestTable -update in integration")
}

// replaced returns a page with new text between two comments.
func replaced(t *testing.T, page, name, text string) string {
	before, rest, ok := strings.Cut(page, "<!-- "+name+": begin -->\n")
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, "<!-- "+name+": end -->\n")
	require.True(t, ok)
	return before + "<!-- " + name + ": begin -->\n" + text + "<!-- " + name + ": end -->\n" + after
}

// operationsTable has a row for each operation and a column for each client.
func operationsTable(t *testing.T) string {
	var b strings.Builder
	header := []string{"operation"}
	for _, c := range clients {
		header = append(header, c.name+" "+c.version(t))
	}
	writeRow(&b, header...)
	writeRow(&b, slices.Repeat([]string{"---"}, len(header))...)
	for _, o := range operations {
		row := []string{o.name}
		for _, c := range clients {
			switch {
			case c.does[o.name] == nil:
				row = append(row, "–")
			case slices.Contains(c.byHand, o.name):
				row = append(row, "yes *")
			default:
				row = append(row, "yes")
			}
		}
		writeRow(&b, row...)
	}
	return b.String()
}

// terraformTable has a row for each resource.
func terraformTable() string {
	var b strings.Builder
	writeRow(&b, "resource", "create, read", "change", "import", "delete", "source")
	writeRow(&b, slices.Repeat([]string{"---"}, 6)...)
	for _, r := range terraform5 {
		cell := func(r request) string {
			if r == nil {
				return "–"
			}
			return "yes"
		}
		writeRow(&b, "`"+r.name+"`", cell(r.create), cell(r.update), cell(r.importState), cell(r.remove), "`"+r.file+"`")
	}
	return b.String()
}

func writeRow(b *strings.Builder, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// TestCopy checks that go_v7_test.go is go_v6_test.go for the next major.
func TestCopy(t *testing.T) {
	v6, err := os.ReadFile("go_v6_test.go")
	require.NoError(t, err)
	v7, err := os.ReadFile("go_v7_test.go")
	require.NoError(t, err)
	require.Equal(t, strings.NewReplacer("V6", "V7", "/v6", "/v7").Replace(string(v6)), string(v7),
		"run sed 's/V6/V7/g; s,/v6,/v7,g' go_v6_test.go >go_v7_test.go")
}

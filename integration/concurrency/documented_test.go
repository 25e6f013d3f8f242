package concurrency_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tested maps the types and functions that are documented as safe for concurrent use to their tests.
var tested = map[string]string{
	"binding.Value": "TestValue", "binding.Binding": "TestSet", "binding.Set": "TestSet", "binding.Env": "TestEnv",
	"devvars.File": "TestFile", "devvars.Expansion": "TestExpansion",
	"wrangler.Config": "TestConfig", "wrangler.Resolution": "TestResolution",
	"version.Version": "TestSnapshot", "version.Deployment": "TestSnapshot", "version.Snapshot": "TestSnapshot",
	"version.Account": "TestHistories", "version.History": "TestHistories", "version.Store": "TestHistories",
	"version.MemStore": "TestHistories", "version.Options": "TestClockAndIDs",
	"versiontest.Faulty": "TestHistories", "versiontest.Recorder": "TestHistories",
	"controlplane.Handler": "TestServer", "controlplane.Pages": "TestServer", "controlplane.Options": "TestClockAndIDs",
	"controlplanetest.Server": "TestServer", "controlplanetest.Injection": "TestServer",
	"controlplanetest.Clock": "TestClockAndIDs", "controlplanetest.IDs": "TestClockAndIDs",
	"sqlstore.Store": "TestHistories", "sealed.Store": "TestHistories", "sealed.AEAD": "TestHistories",
	"dashboard.Handler": "TestDashboard",
}

var (
	claim  = regexp.MustCompile(`(?i)safe\s+for\s+concurrent\s+use|any\s+number\s+of\s+goroutines`)
	denial = regexp.MustCompile(`(?i)not\s+safe\s+for\s+concurrent`)
)

// TestEveryClaimIsTested compares the documentation of the library with tested.
func TestEveryClaimIsTested(t *testing.T) {
	claimed := map[string]bool{}
	for _, pkg := range packages(t) {
		if claim.MatchString(pkg.Doc) {
			claimed[pkg.Name] = true
		}
		for _, typ := range pkg.Types {
			if text := typ.Doc + comments(typ.Decl); claim.MatchString(text) && !denial.MatchString(text) {
				claimed[pkg.Name+"."+typ.Name] = true
			}
		}
		for _, f := range pkg.Funcs {
			if claim.MatchString(f.Doc) {
				claimed[pkg.Name+"."+f.Name] = true
			}
		}
	}
	delete(claimed, "binding") // its documentation lists Value, Binding, Set and Env
	for name := range claimed {
		assert.NotEmpty(t, tested[name], "%s has no test here", name)
	}
	assert.Greater(t, len(claimed), 15)
	assert.ElementsMatch(t, []string{
		"TestValue", "TestSet", "TestEnv", "TestFile", "TestExpansion", "TestConfig", "TestResolution",
		"TestSnapshot", "TestHistories", "TestServer", "TestClockAndIDs", "TestDashboard",
	}, distinct(tested))
}

// comments returns the comments inside a declaration, such as those of fields.
func comments(decl ast.Decl) string {
	var b strings.Builder
	ast.Inspect(decl, func(n ast.Node) bool {
		if group, ok := n.(*ast.CommentGroup); ok {
			b.WriteString(group.Text())
		}
		return true
	})
	return b.String()
}

func distinct(m map[string]string) []string {
	var list []string
	for _, test := range m {
		if !slices.Contains(list, test) {
			list = append(list, test)
		}
	}
	return list
}

// packages returns the documentation of the packages that programs import.
func packages(t *testing.T) []*doc.Package {
	t.Helper()
	var list []*doc.Package
	for _, dir := range []string{
		"binding", "devvars", "devvars/compat", "wrangler", "wrangler/watch", "version", "version/versiontest",
		"store/sqlstore", "store/sealed", "controlplane", "controlplane/controlplanetest", "dashboard",
	} {
		var files []*ast.File
		set, root := token.NewFileSet(), filepath.Join("..", "..", filepath.FromSlash(dir))
		entries, err := fs.ReadDir(os.DirFS(root), ".")
		require.NoError(t, err)
		for _, entry := range entries {
			if strings.HasSuffix(entry.Name(), ".go") && !strings.HasSuffix(entry.Name(), "_test.go") {
				file, err := parser.ParseFile(set, filepath.Join(root, entry.Name()), nil, parser.ParseComments)
				require.NoError(t, err)
				files = append(files, file)
			}
		}
		pkg, err := doc.NewFromFiles(set, files, dir)
		require.NoError(t, err)
		list = append(list, pkg)
	}
	return list
}

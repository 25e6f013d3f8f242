package workerenv_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/workerenv/workerenv"

// mayImport lists the packages outside the standard library on which each package may depend, directly
// or indirectly. A package without a row fails the test. "@name" stands for a package and its row.
var mayImport = map[string][]string{
	"binding":                  {"internal/hidden"},
	"devvars":                  {"internal/hidden", "internal/jsvalue", "@internal/replacefile"},
	"devvars/compat":           {"@devvars", "github.com/joho/godotenv"},
	"internal/hidden":          {},
	"internal/hostname":        {},
	"internal/jsvalue":         {},
	"internal/readfile":        {},
	"internal/spelling":        {},
	"internal/replacefile":     {"internal/readfile", "github.com/gofrs/flock", "golang.org/x/sys/*"},
	"wrangler/internal/syntax": {"internal/jsvalue", "github.com/pelletier/go-toml/v2*"},
	"wrangler/internal/config": {"internal/jsvalue", "internal/spelling"},
	"wrangler": {"@binding", "@devvars", "internal/readfile", "@wrangler/internal/syntax",
		"@wrangler/internal/config"},
	"wrangler/watch":                {"@wrangler", "github.com/fsnotify/fsnotify*", "golang.org/x/sys*"},
	"internal/sfv":                  {},
	"version":                       {"@binding", "internal/sfv"},
	"version/versiontest":           {"@version"},
	"store/sealed":                  {"@version"},
	"store/sqlstore":                {"@version"},
	"controlplane":                  {"@version"},
	"controlplane/controlplanetest": {"@controlplane"},
	"dashboard":                     {"@version", "@devvars", "internal/hostname"},
	"cmd/workerenv": {"@wrangler/watch", "@controlplane", "@dashboard", "@devvars/compat", "golang.org/x/term",
		"store/sqlstore", "store/sealed", "github.com/ncruces/*", "github.com/spf13/pflag", "github.com/tink-crypto/tink-go/v2/*",
		"golang.org/x/crypto/*", "google.golang.org/protobuf/*"},
	"": {},
}

// allowed returns the import paths that pkg may depend on. A path may end in *.
func allowed(pkg string) []string {
	var list []string
	for _, pattern := range mayImport[pkg] {
		name, all := strings.CutPrefix(pattern, "@")
		if all {
			list = append(list, allowed(name)...)
		}
		if _, ours := mayImport[name]; ours {
			name = module + "/" + name
		}
		list = append(list, name)
	}
	return list
}

// TestImports compares the dependencies that the go command reports with mayImport: each one must be in
// the row of the package, and each entry of the row must be a dependency.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}:{{range .Deps}} {{.}}{{end}}", "./...").Output()
	require.NoError(t, err)
	rows := maps.Clone(mayImport)
	for line := range strings.Lines(string(out)) {
		path, list, _ := strings.Cut(line, ":")
		pkg := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		if strings.HasPrefix(pkg, "internal/tools/") {
			continue // used by tests only
		}
		require.Contains(t, rows, pkg, "no row in mayImport")
		delete(rows, pkg)
		deps := slices.DeleteFunc(strings.Fields(list), func(dep string) bool {
			first, _, _ := strings.Cut(dep, "/")
			return !strings.Contains(first, ".") // standard library
		})
		may := allowed(pkg)
		for _, dep := range deps {
			require.True(t, slices.ContainsFunc(may, func(m string) bool { return matches(m, dep) }),
				"%q must not depend on %s", pkg, dep)
		}
		for _, m := range may {
			require.True(t, slices.ContainsFunc(deps, func(dep string) bool { return matches(m, dep) }),
				"%q does not depend on %s", pkg, m)
		}
	}
	require.Empty(t, rows, "rows without a package")
}

// matches reports whether an entry of [allowed] has a dependency.
func matches(pattern, dep string) bool {
	prefix, wild := strings.CutSuffix(pattern, "*")
	return dep == pattern || wild && strings.HasPrefix(dep, prefix)
}

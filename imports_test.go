package workerenv_test

import (
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
	"binding":                       {"internal/hidden"},
	"devvars":                       {"internal/hidden", "internal/jsvalue", "@internal/replacefile"},
	"devvars/compat":                {"@devvars", "github.com/joho/godotenv"},
	"internal/hidden":               {},
	"internal/hostname":             {},
	"internal/jsvalue":              {},
	"internal/readfile":             {},
	"internal/replacefile":          {"internal/readfile", "github.com/gofrs/flock", "golang.org/x/sys/*"},
	"wrangler/internal/syntax":      {"internal/jsvalue", "github.com/pelletier/go-toml/v2*"},
	"wrangler/internal/config":      {"internal/jsvalue"},
	"wrangler":                      {"@binding", "@devvars", "internal/readfile", "@wrangler/internal/syntax", "@wrangler/internal/config"},
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

// TestImports compares the dependencies that the go command reports with mayImport.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}:{{range .Deps}} {{.}}{{end}}", "./...").Output()
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, deps, _ := strings.Cut(line, ":")
		pkg := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		if strings.HasPrefix(pkg, "internal/tools/") {
			continue // used by tests only
		}
		_, known := mayImport[pkg]
		require.True(t, known, "%q has no row in mayImport", pkg)
		for _, dep := range strings.Fields(deps) {
			if !strings.Contains(strings.Split(dep, "/")[0], ".") {
				continue // standard library
			}
			ok := slices.ContainsFunc(allowed(pkg), func(may string) bool {
				prefix, wild := strings.CutSuffix(may, "*")
				return dep == may || wild && strings.HasPrefix(dep, prefix)
			})
			require.True(t, ok, "%q must not depend on %s", pkg, dep)
		}
	}
}

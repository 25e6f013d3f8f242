package workerenv_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/workerenv/workerenv"

// mayImport lists what each package may depend on beyond the standard library, directly or not. A package that is not
// listed fails the test.
var mayImport = map[string][]string{
	"binding":                       {"internal/hidden"},
	"devvars":                       {"internal/jsvalue", "internal/readfile", "github.com/gofrs/flock", "golang.org/x/sys/*"},
	"devvars/compat":                {"@devvars", "github.com/joho/godotenv"},
	"internal/hidden":               {},
	"internal/jsvalue":              {},
	"internal/readfile":             {},
	"wrangler/internal/syntax":      {"internal/jsvalue", "github.com/pelletier/go-toml/v2", "github.com/pelletier/go-toml/v2/unstable", "github.com/pelletier/go-toml/v2/internal/*"},
	"wrangler/internal/config":      {"internal/jsvalue"},
	"wrangler":                      {"@binding", "@devvars", "@wrangler/internal/syntax", "@wrangler/internal/config"},
	"version":                       {"@binding"},
	"version/versiontest":           {"@version"},
	"controlplane":                  {"@version"},
	"controlplane/controlplanetest": {"@controlplane"},
	"cmd/workerenv":                 {"@wrangler", "@controlplane", "@devvars/compat", "golang.org/x/term", "golang.org/x/sys/*"},
	"":                              {},
}

// allowed returns the full import paths for pkg. An entry that starts with @ stands for that package and all that it may
// import.
func allowed(pkg string) []string {
	var list []string
	for _, entry := range mayImport[pkg] {
		name, all := strings.CutPrefix(entry, "@")
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

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}:{{range .Deps}} {{.}}{{end}}", "./...").Output()
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, deps, _ := strings.Cut(line, ":")
		pkg := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		if strings.HasPrefix(pkg, "internal/tools/") {
			continue // make and check the test data; not shipped
		}
		_, known := mayImport[pkg]
		require.True(t, known, "%q has no row in the table of this test", pkg)
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

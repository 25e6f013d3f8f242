// Package harness has tests only: they read one project from four kinds of file systems, and pass its
// env to the packages with which Go programs read their configuration.
package harness

import (
	"embed"
	"io/fs"
	"os"
	"os/exec"
	"testing"
	"testing/fstest"

	"github.com/caarlos0/env/v11"
	"github.com/kelseyhightower/envconfig"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/viper"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// Without "all:", go:embed leaves out files whose names start with a dot, such as .dev.vars.
//
//go:embed all:project
var embedded embed.FS

var want = map[string]string{"API_KEY": "not a real one", "HOST": "localhost:8787", "LIMITS": `{"perMinute":60}`}

func devEnv(t *testing.T, o wrangler.Options) binding.Env {
	t.Helper()
	e, err := wrangler.DevEnv(o)
	require.NoError(t, err)
	return e
}

func TestFileSystems(t *testing.T) {
	config, err := os.ReadFile("project/wrangler.toml")
	require.NoError(t, err)
	inMemory := fstest.MapFS{
		"wrangler.toml": {Data: config},
		".dev.vars":     {Data: []byte("API_KEY='not a real one'\nHOST=localhost:8787\n")},
	}
	sub, err := fs.Sub(embedded, "project")
	require.NoError(t, err)
	for name, o := range map[string]wrangler.Options{
		"a directory":         {Dir: "project"},
		"os.DirFS":            {FS: os.DirFS("project")},
		"embed.FS":            {FS: embedded, Dir: "project"},
		"fs.Sub of embed.FS":  {FS: sub},
		"fstest.MapFS":        {FS: inMemory},
		"os.DirFS with a Dir": {FS: os.DirFS("."), Dir: "project"},
	} {
		require.Equal(t, want, devEnv(t, o).Map(), name)
	}
}

// settings is what a program reads from its configuration.
type settings struct {
	APIKey string `env:"API_KEY" envconfig:"API_KEY"`
	Host   string `env:"HOST"    envconfig:"HOST"`
}

var wantSettings = settings{APIKey: "not a real one", Host: "localhost:8787"}

func TestCaarlos0Env(t *testing.T) {
	var got settings
	e := devEnv(t, wrangler.Options{Dir: "project"})
	require.NoError(t, env.ParseWithOptions(&got, env.Options{Environment: e.Map()}))
	require.Equal(t, wantSettings, got)
}

// TestEnvconfig sets the environment of the process, since envconfig reads nothing else.
func TestEnvconfig(t *testing.T) {
	for name, value := range devEnv(t, wrangler.Options{Dir: "project"}).Map() {
		t.Setenv(name, value)
	}
	var got settings
	require.NoError(t, envconfig.Process("", &got))
	require.Equal(t, wantSettings, got)
}

func TestKoanf(t *testing.T) {
	k := koanf.New(".")
	e := devEnv(t, wrangler.Options{Dir: "project"})
	require.NoError(t, k.Load(confmap.Provider(e.Values(), ""), nil))
	require.Equal(t, "not a real one", k.String("API_KEY"))
	require.Equal(t, 60, k.Int("LIMITS.perMinute"))
}

func TestViper(t *testing.T) {
	v := viper.New()
	require.NoError(t, v.MergeConfigMap(devEnv(t, wrangler.Options{Dir: "project"}).Values()))
	require.Equal(t, "not a real one", v.GetString("API_KEY"))
	require.Equal(t, 60, v.GetInt("LIMITS.perMinute"))
}

func TestExec(t *testing.T) {
	cmd := exec.Command("/bin/sh", "-c", `echo "$API_KEY, $HOST"`)
	cmd.Env = devEnv(t, wrangler.Options{Dir: "project"}).Environ() // the command gets nothing else
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, "not a real one, localhost:8787\n", string(out))
}

package clients

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

// TestTerraformProvider drives the real provider, see docs/clients.md.
func TestTerraformProvider(t *testing.T) {
	provider := os.Getenv("TERRAFORM_PROVIDER")
	if provider == "" {
		t.Skip("TERRAFORM_PROVIDER is not set to the provider")
	}
	tr := &trial{T: t, api: controlplanetest.NewServer(t, controlplane.Options{}), dir: t.TempDir()}
	configuration, err := os.ReadFile("testdata/main.tf")
	require.NoError(t, err)
	tr.write("main.tf", string(configuration))
	tr.write("terraform.rc", fmt.Sprintf(`
		provider_installation {
			dev_overrides { "cloudflare/cloudflare" = %q }
			direct {}
		}`, filepath.Dir(provider)))

	apply := func(host, key string) {
		t.Helper()
		vars := []string{"-var=host=" + host, "-var=key=" + key}
		tr.terraform(append([]string{"apply", "-auto-approve", "-input=false"}, vars...)...)
		tr.terraform(append([]string{"plan", "-detailed-exitcode", "-input=false"}, vars...)...) // no changes
		want := env{"HOST": host, "API_KEY": key}
		tr.wantEnv(want)
		for _, worker := range []string{"shop", "second"} {
			e, err := tr.api.Env(worker, "")
			require.NoError(t, err)
			require.Equal(t, want, e.Map())
		}
		e, err := tr.api.Pages().Env(t.Context(), "site", controlplane.Production)
		require.NoError(t, err)
		require.Equal(t, want, e.Map())
	}
	apply("shop", "k3y")
	apply("new", "n3w")
	vars := []string{"-var=host=new", "-var=key=n3w"}
	for address, id := range map[string]string{
		"cloudflare_workers_script.shop": controlplanetest.AccountID + "/shop",
		"cloudflare_pages_project.site":  controlplanetest.AccountID + "/site",
	} {
		tr.terraform("state", "rm", address)
		tr.terraform(append(append([]string{"import", "-input=false"}, vars...), address, id)...)
	}
	tr.terraform(append([]string{"destroy", "-auto-approve", "-input=false"}, vars...)...)
	_, err = tr.api.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
}

func (t *trial) write(name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, name), []byte(text), 0o600))
}

// terraform runs terraform, or tofu if there is none.
func (t *trial) terraform(args ...string) {
	t.Helper()
	program, err := exec.LookPath("terraform")
	if err != nil {
		program, err = exec.LookPath("tofu")
	}
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.WaitDelay = t.dir, time.Second
	cmd.Env = append(t.api.Environ(), "PATH="+os.Getenv("PATH"), "HOME="+t.dir, "TF_CLI_CONFIG_FILE=terraform.rc",
		"TF_VAR_account="+controlplanetest.AccountID, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "terraform %s\n%s", args[0], output)
	require.False(t, secrets.Match(output), "terraform has shown a secret")
}

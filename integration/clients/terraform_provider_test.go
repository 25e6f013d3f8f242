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

// configuration declares each resource that the tests know, except the placement of a script: provider 5.22.0 then sends
// empty metadata.
const configuration = `
terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}
variable "account" {}
variable "host" {}
variable "key" { sensitive = true }

resource "cloudflare_workers_script" "shop" {
  account_id          = var.account
  script_name         = "shop"
  content             = "export default { fetch: () => new Response() }"
  main_module         = "index.js"
  compatibility_date  = "2026-01-01"
  compatibility_flags = ["nodejs_compat"]
  logpush             = true
  limits              = { cpu_ms = 50 }
  observability       = { enabled = true, head_sampling_rate = 0.5 }
  tail_consumers      = [{ service = "tail" }]
  bindings = [
    { name = "API_KEY", type = "secret_text", text = var.key },
    { name = "HOST", type = "plain_text", text = var.host },
  ]
}
resource "cloudflare_workers_cron_trigger" "shop" {
  account_id  = var.account
  script_name = cloudflare_workers_script.shop.script_name
  schedules   = [{ cron = "*/5 * * * *" }]
}
data "cloudflare_zone" "zone" {
  filter = { name = "example.com" }
}
resource "cloudflare_workers_route" "shop" {
  zone_id = data.cloudflare_zone.zone.zone_id
  pattern = "${var.host}.example.com/*"
  script  = cloudflare_workers_script.shop.script_name
}
resource "cloudflare_workers_custom_domain" "shop" {
  account_id = var.account
  zone_id    = data.cloudflare_zone.zone.zone_id
  hostname   = "www.example.com"
  service    = cloudflare_workers_script.shop.script_name
}

resource "cloudflare_worker" "second" {
  account_id    = var.account
  name          = "second"
  logpush       = true
  tags          = ["a", "b"]
  observability = { enabled = true }
}
resource "cloudflare_worker_version" "second" {
  account_id         = var.account
  worker_id          = cloudflare_worker.second.id
  compatibility_date = "2026-01-01"
  main_module        = "index.js"
  modules = [{
    name           = "index.js"
    content_type   = "application/javascript+module"
    content_base64 = base64encode("export default { fetch: () => new Response() }")
  }]
  bindings = [
    { name = "API_KEY", type = "secret_text", text = var.key },
    { name = "HOST", type = "plain_text", text = var.host },
  ]
}
resource "cloudflare_workers_deployment" "second" {
  account_id  = var.account
  script_name = cloudflare_worker.second.name
  strategy    = "percentage"
  versions    = [{ version_id = cloudflare_worker_version.second.id, percentage = 100 }]
}

resource "cloudflare_pages_project" "site" {
  account_id        = var.account
  name              = "site"
  production_branch = "main"
  deployment_configs = {
    production = {
      env_vars = {
        API_KEY = { type = "secret_text", value = var.key }
        HOST    = { type = "plain_text", value = var.host }
      }
    }
  }
}
`

// TestTerraformProvider drives the real provider, see docs/clients.md.
func TestTerraformProvider(t *testing.T) {
	provider := os.Getenv("TERRAFORM_PROVIDER")
	if provider == "" {
		t.Skip("TERRAFORM_PROVIDER is not set to the provider")
	}
	tr := &trial{T: t, api: controlplanetest.NewServer(t, controlplane.Options{}), dir: t.TempDir()}
	tr.write("main.tf", configuration)
	tr.write("terraform.rc", fmt.Sprintf("provider_installation {\n dev_overrides { \"cloudflare/cloudflare\" = %q }\n direct {}\n}\n",
		filepath.Dir(provider)))

	apply := func(host, key string) {
		t.Helper()
		vars := []string{"-var=host=" + host, "-var=key=" + key}
		tr.terraform(0, append([]string{"apply", "-auto-approve", "-input=false"}, vars...)...)
		tr.terraform(0, append([]string{"plan", "-detailed-exitcode", "-input=false"}, vars...)...) // 0: no changes
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
		tr.terraform(0, "state", "rm", address)
		tr.terraform(0, append(append([]string{"import", "-input=false"}, vars...), address, id)...)
	}
	tr.terraform(0, append([]string{"destroy", "-auto-approve", "-input=false"}, vars...)...)
	_, err := tr.api.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
}

func (t *trial) write(name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, name), []byte(text), 0o600))
}

// terraform runs terraform, or tofu if there is none.
func (t *trial) terraform(exit int, args ...string) {
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
	output, _ := cmd.CombinedOutput()
	require.Equal(t, exit, cmd.ProcessState.ExitCode(), "terraform %v\n%s", args[0], output)
	require.False(t, secrets.Match(output), "terraform has shown a secret")
}

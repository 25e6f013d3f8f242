# Each resource that the tests know. The script has no placement, for which provider 5.22.0 sends empty metadata; the project has
# both environments, without which that provider fails before its first request.
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
    preview = {
      env_vars = {
        HOST = { type = "plain_text", value = "preview.example" }
      }
    }
    production = {
      env_vars = {
        API_KEY = { type = "secret_text", value = var.key }
        HOST    = { type = "plain_text", value = var.host }
      }
    }
  }
}

package clients

import (
	"fmt"
	"net/http"

	"github.com/cloudflare/cloudflare-go/v7"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/pages"
	"github.com/cloudflare/cloudflare-go/v7/workers"
	"github.com/cloudflare/cloudflare-go/v7/zones"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// request makes a request of the provider. The options have the body and where to put the answer.
type request func(c sdkV7, id string, opts ...option.RequestOption) error

// resource is a resource of Terraform's provider for Cloudflare 5.22.0, with the requests that it makes in this
// file: https://github.com/cloudflare/terraform-provider-cloudflare/tree/v5.22.0/internal/services
type resource struct {
	name string
	file string // resource.go of the resource, whose methods have the names of the requests below

	given          func(*trial)
	config, change string // the bodies of create and update; $V1 and $V2 are the IDs of versions
	form           bool   // whether they are the metadata of a form
	id             string // the member of the answer to create with the ID, "" for a resource that has the ID shop

	create, read, update, importState, remove request

	// computed are members that the provider takes from the answers to create and read.
	computed string
}

var terraform5 = []resource{
	{
		name: "cloudflare_workers_script", file: "workers_script/resource.go", given: nothing, form: true,
		config: `{"main_module": "index.js", "compatibility_date": "2026-01-01",
			"compatibility_flags": ["nodejs_compat"], "bindings": [{"name": "API_KEY", "text": "k3y", "type": "secret_text"},
				{"name": "HOST", "text": "shop.example", "type": "plain_text"},
				{"name": "LIMITS", "json": {"rate": 0.5}, "type": "json"}],
			"limits": {"cpu_ms": 50}, "logpush": true, "placement": {"mode": "smart"},
			"tail_consumers": [{"service": "tail"}],
			"observability": {"enabled": true, "head_sampling_rate": 0.5,
				"logs": {"enabled": true, "invocation_logs": true}}, "usage_model": "standard"}`,
		change: `{"main_module": "index.js", "compatibility_date": "2026-01-01", "compatibility_flags": ["nodejs_compat"],
			"bindings": [{"name": "API_KEY", "text": "n3w", "type": "secret_text"},
				{"name": "HOST", "text": "new.example", "type": "plain_text"}],
			"logpush": false, "tail_consumers": [], "usage_model": "standard"}`,
		create: putScript, read: readScript, update: putScript, remove: deleteScript,
		importState: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Workers.Scripts.Get(c.Context(), id, workers.ScriptGetParams{AccountID: accountV7}, opts...)
			return err
		},
		computed: "last_deployed_from", // of what Read takes from the service; the others stay as Create returned them
	},
	{
		name: "cloudflare_worker", file: "worker/resource.go", given: nothing,
		config: `{"name": "shop", "logpush": true, "tags": ["a", "b"],
			"subdomain": {"enabled": false, "previews_enabled": false},
			"observability": {"enabled": true, "head_sampling_rate": 0.5,
				"logs": {"enabled": true, "head_sampling_rate": 1, "invocation_logs": true, "persist": true, "destinations": []},
				"traces": {"enabled": false, "head_sampling_rate": 1, "persist": true, "destinations": []}},
			"tail_consumers": [{"name": "tail"}]}`,
		change: `{"name": "shop", "logpush": false, "tags": [], "subdomain": {"enabled": true, "previews_enabled": true},
			"observability": {"enabled": false}, "tail_consumers": []}`,
		id: "id",
		create: func(c sdkV7, _ string, opts ...option.RequestOption) error {
			_, err := c.Workers.Beta.Workers.New(c.Context(), workers.BetaWorkerNewParams{AccountID: accountV7}, opts...)
			return err
		},
		read: readWorker, importState: readWorker,
		update: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Workers.Beta.Workers.Update(c.Context(), id,
				workers.BetaWorkerUpdateParams{AccountID: accountV7}, opts...)
			return err
		},
		remove: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Workers.Beta.Workers.Delete(c.Context(), id,
				workers.BetaWorkerDeleteParams{AccountID: accountV7}, opts...)
			return err
		},
		computed: "created_on id references updated_on",
	},
	{
		name: "cloudflare_worker_version", file: "worker_version/resource.go", given: (*trial).shop,
		config: `{"main_module": "index.js", "compatibility_date": "2026-01-01", "compatibility_flags": ["nodejs_compat"],
			"modules": [{"name": "index.js", "content_type": "application/javascript+module",
				"content_base64": "ZXhwb3J0IGRlZmF1bHQge30="}],
			"bindings": [{"name": "API_KEY", "text": "k3y", "type": "secret_text"},
				{"name": "HOST", "text": "shop.example", "type": "plain_text"}],
			"annotations": {"workers/message": "a message", "workers/tag": "v1"},
			"limits": {"cpu_ms": 50}, "placement": {"mode": "smart"}, "usage_model": "standard"}`,
		id: "id",
		create: func(c sdkV7, _ string, opts ...option.RequestOption) error {
			_, err := c.Workers.Beta.Workers.Versions.New(c.Context(), "shop",
				workers.BetaWorkerVersionNewParams{AccountID: accountV7}, opts...)
			return err
		},
		read: readVersion, importState: readVersion,
		computed: "created_on id number source startup_time_ms",
	},
	{
		name: "cloudflare_workers_deployment", file: "workers_deployment/resource.go", given: (*trial).twoVersions,
		config: `{"strategy": "percentage", "annotations": {"workers/message": "a message"},
			"versions": [{"version_id": "$V2", "percentage": 10}, {"version_id": "$V1", "percentage": 90}]}`,
		id: "id",
		create: func(c sdkV7, _ string, opts ...option.RequestOption) error {
			_, err := c.Workers.Scripts.Deployments.New(c.Context(), "shop",
				workers.ScriptDeploymentNewParams{AccountID: accountV7}, opts...)
			return err
		},
		read: readDeployment, importState: readDeployment,
		computed: "author_email created_on id source",
	},
	{
		name: "cloudflare_workers_cron_trigger", file: "workers_cron_trigger/resource.go", given: (*trial).shop,
		config: `[{"cron": "*/5 * * * *"}, {"cron": "10 7 * * mon-fri"}]`, change: `[{"cron": "*/30 * * * *"}]`,
		create: putSchedules, read: readSchedules, update: putSchedules, importState: readSchedules,
		computed: "schedules",
	},
	{
		name: "cloudflare_workers_route", file: "workers_route/resource.go", given: (*trial).shop,
		config: `{"pattern": "example.com/a/*", "script": "shop"}`,
		change: `{"pattern": "example.com/b/*", "script": "shop"}`,
		id:     "id",
		create: func(c sdkV7, _ string, opts ...option.RequestOption) error {
			_, err := c.Workers.Routes.New(c.Context(), workers.RouteNewParams{ZoneID: cloudflare.F(c.zone())}, opts...)
			return err
		},
		read: readRoute, importState: readRoute,
		update: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Workers.Routes.Update(c.Context(), id,
				workers.RouteUpdateParams{ZoneID: cloudflare.F(c.zone())}, opts...)
			return err
		},
		remove: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Workers.Routes.Delete(c.Context(), id,
				workers.RouteDeleteParams{ZoneID: cloudflare.F(c.zone())}, opts...)
			return err
		},
		computed: "id",
	},
	{
		name: "cloudflare_workers_custom_domain", file: "workers_custom_domain/resource.go", given: (*trial).shop,
		config: `{"hostname": "www.example.com", "service": "shop", "environment": "production",
			"zone_name": "example.com"}`,
		id: "id",
		create: func(c sdkV7, _ string, opts ...option.RequestOption) error {
			_, err := c.Workers.Domains.Update(c.Context(), workers.DomainUpdateParams{AccountID: accountV7}, opts...)
			return err
		},
		read: readDomain, importState: readDomain,
		remove: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Workers.Domains.Delete(c.Context(), id, workers.DomainDeleteParams{AccountID: accountV7}, opts...)
			return err
		},
		computed: "id zone_id",
	},
	{
		name: "cloudflare_pages_project", file: "pages_project/resource.go", given: nothing,
		config: `{"name": "shop", "production_branch": "main",
			"build_config": {"build_command": "make", "destination_dir": "out", "root_dir": "/"},
			"deployment_configs": {"production": {"compatibility_date": "2026-01-01", "compatibility_flags": ["nodejs_compat"],
				"fail_open": true, "build_image_major_version": 3, "always_use_latest_compatibility_date": false,
				"env_vars": {"API_KEY": {"type": "secret_text", "value": "k3y"},
					"HOST": {"type": "plain_text", "value": "shop.example"}}}}}`,
		change: `{"deployment_configs": {"production": {
				"env_vars": {"API_KEY": {"type": "secret_text", "value": "n3w"},
					"HOST": {"type": "plain_text", "value": "new.example"}}}}}`,
		create: func(c sdkV7, _ string, opts ...option.RequestOption) error {
			_, err := c.Pages.Projects.New(c.Context(), pages.ProjectNewParams{AccountID: accountV7}, opts...)
			return err
		},
		read: readProject, importState: readProject,
		update: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Pages.Projects.Edit(c.Context(), id, pages.ProjectEditParams{AccountID: accountV7}, opts...)
			return err
		},
		remove: func(c sdkV7, id string, opts ...option.RequestOption) error {
			_, err := c.Pages.Projects.Delete(c.Context(), id, pages.ProjectDeleteParams{AccountID: accountV7}, opts...)
			return err
		},
		computed: "created_on domains subdomain",
	},
}

func putScript(c sdkV7, _ string, opts ...option.RequestOption) error {
	_, err := c.Workers.Scripts.Update(c.Context(), "shop", workers.ScriptUpdateParams{AccountID: accountV7}, opts...)
	return err
}

func deleteScript(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Scripts.Delete(c.Context(), id, workers.ScriptDeleteParams{AccountID: accountV7}, opts...)
	return err
}

// readScript reads the settings. Read reads the service and the content as well.
func readScript(c sdkV7, id string, opts ...option.RequestOption) error {
	var res *http.Response
	return c.Get(c.Context(), fmt.Sprintf("accounts/%s/workers/scripts/%s/settings", controlplanetest.AccountID, id),
		nil, &res, opts...)
}

func readService(c sdkV7, id string, opts ...option.RequestOption) error {
	var res *http.Response
	return c.Get(c.Context(), fmt.Sprintf("accounts/%s/workers/services/%s", controlplanetest.AccountID, id),
		nil, &res, opts...)
}

func readWorker(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Beta.Workers.Get(c.Context(), id, workers.BetaWorkerGetParams{AccountID: accountV7}, opts...)
	return err
}

func readVersion(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Beta.Workers.Versions.Get(c.Context(), "shop", id, workers.BetaWorkerVersionGetParams{
		AccountID: accountV7, Include: cloudflare.F(workers.BetaWorkerVersionGetParamsIncludeModules),
	}, opts...)
	return err
}

func readDeployment(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Scripts.Deployments.Get(c.Context(), "shop", id,
		workers.ScriptDeploymentGetParams{AccountID: accountV7}, opts...)
	return err
}

func putSchedules(c sdkV7, _ string, opts ...option.RequestOption) error {
	_, err := c.Workers.Scripts.Schedules.Update(c.Context(), "shop",
		workers.ScriptScheduleUpdateParams{AccountID: accountV7}, opts...)
	return err
}

func readSchedules(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Scripts.Schedules.Get(c.Context(), id,
		workers.ScriptScheduleGetParams{AccountID: accountV7}, opts...)
	return err
}

func readRoute(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Routes.Get(c.Context(), id, workers.RouteGetParams{ZoneID: cloudflare.F(c.zone())}, opts...)
	return err
}

func readDomain(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Workers.Domains.Get(c.Context(), id, workers.DomainGetParams{AccountID: accountV7}, opts...)
	return err
}

func readProject(c sdkV7, id string, opts ...option.RequestOption) error {
	_, err := c.Pages.Projects.Get(c.Context(), id, pages.ProjectGetParams{AccountID: accountV7}, opts...)
	return err
}

// zone asks for the zone example.com and returns its ID.
func (c sdkV7) zone() string {
	list, err := c.Zones.List(c.Context(), zones.ZoneListParams{Name: cloudflare.F("example.com")})
	require.NoError(c, err)
	require.Len(c, list.Result, 1)
	return list.Result[0].ID
}

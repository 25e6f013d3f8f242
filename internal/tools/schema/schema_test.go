package schema_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/schema"
)

const commands = `{"schemas": {
	"workers scripts list": {"httpMethod": "GET", "path": "/accounts/{account_id}/workers/scripts"},
	"zones get": {"httpMethod": "GET", "path": "/zones/{zone_id}"}
}}`

const class = "    class BaseScripts extends resource_1.APIResource {\n" +
	"        update(scriptName, params, options) {\n" +
	"            const { account_id, 'CF-PART': cfPart, ...body } = params;\n" +
	"            return this._client.put((0, path_1.path) `/accounts/${account_id}/workers/scripts/${scriptName}`, { body });\n" +
	"        }\n" +
	"        schedule(scriptName, params, options) {\n" +
	"            const { account_id, body } = params;\n" +
	"            return this._client.getAPIList((0, path_1.path) `/accounts/${account_id}/workers/scripts/${scriptName}/schedules`, { body, method: 'post' });\n" +
	"        }\n" +
	"        list(params, options) {\n" +
	"            const { account_id, ...query } = params;\n" +
	"            return this._client.getAPIList((0, path_1.path) `/accounts/${account_id}/workers/scripts`, (page), { query });\n" +
	"        }\n"

const declarations = `export declare class BaseScripts extends APIResource {
    update(scriptName: string, params: UpdateParams, options?: RequestOptions): APIPromise<X>;
    schedule(scriptName: string, params: ScheduleParams, options?: RequestOptions): APIPromise<X>;
    list(params: ListParams, options?: RequestOptions): APIPromise<X>;
}
export interface ListParams {
    account_id: string;
}
export type UpdateParams = UpdateParams.Variant0 | UpdateParams.Variant1;
export declare namespace UpdateParams {
    interface Variant0 {
        /**
         * Path param: not: a member
         */
        account_id: string;
        metadata: Variant0.Metadata;
        bindings?: Array<Variant0.Text | Variant0.Any>;
        'workers/tag'?: string;
        'CF-PART'?: string;
    }
    namespace Variant0 {
        interface Text {
            text: string;
            type: 'plain_text';
        }
        interface Secret {
            text: string;
            type: 'secret_text';
        }
        interface Metadata {
            bindings?: Array<Secret>;
        }
        interface Any {
            type: 'a' | 'b';
            self?: Any;
        }
    }
    interface Variant1 {
        account_id: string;
        secrets: {
            [key: string]: Variant0.Text | null;
        } | null;
    }
}
export interface ScheduleParams {
    account_id: string;
    body: Array<ScheduleParams.Body>;
}
export declare namespace ScheduleParams {
    interface Body {
        cron: string;
    }
}
`

func TestRead(t *testing.T) {
	modules := t.TempDir()
	write := func(text string, path ...string) {
		file := filepath.Join(append([]string{modules}, path...)...)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	_, err := schema.Read(modules)
	require.ErrorIs(t, err, os.ErrNotExist)
	write(commands, "cf", "cf-dist", "_meta", "schemas.json")
	_, err = schema.Read(modules)
	require.ErrorIs(t, err, os.ErrNotExist)
	write("", "cloudflare", "resources", "workers", "scripts.js")
	_, err = schema.Read(modules)
	require.ErrorContains(t, err, "another layout")
	write(class, "cloudflare", "resources", "workers", "scripts.js")
	write(declarations, "cloudflare", "resources", "workers", "scripts.d.ts")

	api, err := schema.Read(modules)
	require.NoError(t, err)
	for route, want := range map[string][]string{
		"GET /zones/{}":                                  nil,
		"GET /accounts/{}/workers/scripts":               nil,
		"POST /accounts/{}/workers/scripts/{}/schedules": {"cron"},
		"PUT /accounts/{}/workers/scripts/{}": {
			"bindings", "bindings.self", "bindings.type", "bindings[plain_text].text", "bindings[plain_text].type",
			"metadata", "metadata.bindings",
			"metadata.bindings[secret_text].text", "metadata.bindings[secret_text].type", "secrets", "secrets.*",
			"secrets.*[plain_text].text", "secrets.*[plain_text].type", "workers/tag",
		},
	} {
		got, ok := api[route]
		require.True(t, ok, route)
		require.Equal(t, want, got)
	}
	require.Len(t, api, 4)
}

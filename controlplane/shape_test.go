package controlplane_test

import (
	"fmt"
	"regexp"
	"time"
)

// A shape is what a JSON value has to be: "string", "number", "bool", "time", "uuid" or "any", with
// "?" behind it if null will do; an array of one shape, for any number of such elements, or of
// none; or an object, whose members have to be there, beside any others. A key with "?" behind it
// need not be there.
type (
	members = map[string]any
	list    = []any
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// fits fails if value does not have a shape. The error has the place.
func fits(path string, shape, value any) error {
	switch shape := shape.(type) {
	case string:
		return fitsWord(path, shape, value)
	case list:
		elements, ok := value.([]any)
		if !ok || len(shape) == 0 && len(elements) > 0 {
			return fmt.Errorf("%s is not an array of its kind", path)
		}
		for i, e := range elements {
			if err := fits(fmt.Sprintf("%s[%d]", path, i), shape[0], e); err != nil {
				return err
			}
		}
	case members:
		return fitsObject(path, shape, value)
	}
	return nil
}

func fitsObject(path string, shape members, value any) error {
	object, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is not an object", path)
	}
	for key, of := range shape {
		key, optional := cutMark(key)
		member, ok := object[key]
		if !ok && optional {
			continue
		}
		if !ok {
			return fmt.Errorf("%s has no %s", path, key)
		}
		if err := fits(path+"."+key, of, member); err != nil {
			return err
		}
	}
	return nil
}

func cutMark(word string) (string, bool) {
	if n := len(word) - 1; n > 0 && word[n] == '?' {
		return word[:n], true
	}
	return word, false
}

func fitsWord(path, word string, value any) error {
	word, nullable := cutMark(word)
	if value == nil && nullable || word == "any" {
		return nil
	}
	text, isText := value.(string)
	ok := false
	switch word {
	case "string":
		ok = isText
	case "uuid":
		ok = uuid.MatchString(text)
	case "time":
		_, err := time.Parse("2006-01-02T15:04:05.000000Z", text)
		ok = err == nil
	case "number":
		_, ok = value.(float64)
	case "bool":
		_, ok = value.(bool)
	case "null":
		ok = value == nil
	}
	if !ok {
		return fmt.Errorf("%s is no %s", path, word)
	}
	return nil
}

// The shapes of what routes answer: what wrangler 4.164.0 reads, and what Cloudflare's OpenAPI
// description requires, as generated into cloudflare-go v6.6.0.
var (
	noteShape  = members{"code": "number", "message": "string"}
	pagesShape = members{"page": "number", "per_page": "number", "count": "number", "total_count": "number"}

	bindingShape = members{"name": "string", "type": "string"}
	secretShape  = members{"name": "string", "type": "string"}
	versionShape = members{
		"id": "uuid", "number": "number", "startup_time_ms": "number", "annotations?": members{},
		"metadata": members{
			"created_on": "time", "modified_on": "time", "source": "string", "author_id": "string", "author_email": "string", "has_preview": "bool",
		},
		"resources": members{
			"bindings": list{bindingShape}, "script": members{"etag": "string", "handlers": list{"string"}, "last_deployed_from": "string"},
			"script_runtime": members{"usage_model": "string", "compatibility_date?": "string", "compatibility_flags?": list{"string"}, "limits": members{}},
		},
	}
	deploymentShape = members{
		"id": "uuid", "created_on": "time", "source": "string", "strategy": "string", "author_email": "string", "annotations?": members{},
		"versions": list{members{"version_id": "uuid", "percentage": "number"}},
	}
	uploadShape = members{
		"id": "string", "tag": "uuid", "etag": "string", "handlers": list{"string"}, "created_on": "time", "modified_on": "time",
		"last_deployed_from": "string", "has_modules": "bool", "usage_model": "string", "deployment_id": "string", "startup_time_ms": "number",
	}
	scriptShape = members{
		"id": "string", "tag": "uuid", "etag": "string", "handlers": list{"string"}, "created_on": "time", "modified_on": "time", "has_modules": "bool",
		"has_assets": "bool", "observability?": members{}, "compatibility_flags": list{"string"}, "usage_model": "string", "logpush": "bool", "tags": list{"string"}, "tail_consumers": "any",
	}
	settingsShape  = members{"logpush": "bool", "observability": "any", "tail_consumers": "any", "tags": list{"string"}}
	versionedShape = members{
		"bindings": list{bindingShape}, "placement": members{}, "limits": members{}, "observability?": members{}, "compatibility_date": "string", "compatibility_flags": list{"string"}, "usage_model": "string", "logpush": "bool", "tags": list{"string"},
	}
	switchShape = members{"enabled": "bool", "previews_enabled": "bool"}
	workerShape = members{
		"id": "uuid", "name": "string", "created_on": "time", "updated_on": "time", "deployed_on": "time?", "logpush": "bool", "observability": "any",
		"tail_consumers": "any", "tags": list{"string"},
		"subdomain": members{"enabled": "bool", "previews_enabled": "bool", "url": "string", "preview_url_suffix": "string"},
		"references": members{
			"dispatch_namespace_outbounds": list{}, "domains": list{members{"id": "string", "certificate_id": "string", "hostname": "string", "zone_id": "string", "zone_name": "string"}},
			"queues": list{members{"queue_consumer_id": "string", "queue_id": "string", "queue_name": "string"}}, "workers": list{members{"id": "uuid", "name": "string"}},
			"durable_objects": list{members{"namespace_id": "string", "namespace_name": "string", "worker_id": "uuid", "worker_name": "string"}},
		},
	}
	workerVersionShape = members{
		"id": "uuid", "number": "number", "created_on": "time", "source": "string", "bindings": list{bindingShape}, "limits": members{}, "usage_model": "string",
		"startup_time_ms": "number", "urls": list{"string"}, "main_module?": "string", "assets?": members{}, "modules?": list{members{"name": "string", "content_type": "string", "content_base64": "string"}},
	}
	configShape = members{
		"always_use_latest_compatibility_date": "bool", "build_image_major_version": "number", "compatibility_date": "string",
		"compatibility_flags": list{"string"}, "env_vars": members{}, "fail_open": "bool", "usage_model": "string",
	}
	projectShape = members{
		"id": "uuid", "name": "string", "created_on": "time", "production_branch": "string", "subdomain": "string", "domains": list{"string"},
		"deployment_configs": members{"production": configShape, "preview": configShape}, "framework": "string", "framework_version": "string",
		"uses_functions": "bool?", "production_script_name": "string", "preview_script_name": "string", "canonical_deployment": "any", "latest_deployment": "any",
		"build_config": members{"web_analytics_tag": "string?", "web_analytics_token": "string?"}, "source?": members{},
	}
	referenceShape       = list{members{"service": "string", "environment": "string", "name": "string"}}
	accountShape         = members{"id": "string", "name": "string", "type": "string"}
	zoneShape            = members{"id": "string", "name": "string", "status": "string", "account": members{"id": "string", "name": "string"}}
	routeShape           = members{"id": "string", "pattern": "string", "script": "string"}
	domainShape          = members{"id": "string", "hostname": "string", "zone_id": "string", "zone_name": "string", "service": "string", "environment": "string"}
	workflowShape        = members{"id": "string", "name": "string", "script_name": "string", "class_name": "string"}
	queueShape           = members{"queue_id": "string", "queue_name": "string", "consumers": list{consumerShape}, "producers": list{"any"}}
	consumerShape        = members{"consumer_id": "string", "queue_id": "string", "queue_name": "string", "type": "string", "created_on": "time", "script": "string", "script_name": "string", "settings?": members{}}
	subdomainShape       = members{"subdomain": "string"}
	schedulesShape       = members{"schedules": list{members{"cron": "string", "created_on": "time", "modified_on": "time"}}}
	accountSettingsShape = members{"default_usage_model": "string", "green_compute": "bool"}
	membershipShape      = members{"id": "string", "status": "string", "account": accountShape, "roles": list{"string"}}
)

// resultShapes are those of results by route, for every route whose answer is JSON.
var resultShapes = func() map[string]any {
	const account, worker, script = "/accounts/{account}/", "/accounts/{account}/workers/workers", "/accounts/{account}/workers/scripts"
	const one, oneWorker, project = script + "/{script}", worker + "/{script}", account + "pages/projects"
	return map[string]any{
		"GET /user": members{"id": "string", "email": "string"}, "GET /user/tokens/verify": members{"id": "string", "status": "string"},
		"GET /accounts": list{accountShape}, "GET /accounts/{account}": accountShape, "GET /memberships": list{membershipShape},

		"GET " + account + "workers/services/{script}": members{"default_environment": members{
			"environment": "string", "created_on": "time", "modified_on": "time", "script": scriptShape,
		}, "environments": list{members{"environment": "string", "created_on": "time", "modified_on": "time"}}, "usage_model": "string"},
		"DELETE " + account + "workers/services/{script}": "null",
		"GET " + script: list{scriptShape}, "GET " + script + "-search": list{members{"script_name": "string", "script_tag": "uuid", "created_on": "time", "modified_on": "time"}},
		"PUT " + one: uploadShape, "DELETE " + one: "null", "PUT " + one + "/content": scriptShape,
		"GET " + one + "/versions": members{"items": list{versionShape}}, "POST " + one + "/versions": versionShape, "GET " + one + "/versions/{version}": versionShape,
		"GET " + one + "/deployments": members{"deployments": list{deploymentShape}}, "POST " + one + "/deployments": deploymentShape,
		"GET " + one + "/deployments/{deployment}": deploymentShape, "DELETE " + one + "/deployments/{deployment}": "null",
		"GET " + one + "/secrets": list{secretShape}, "PUT " + one + "/secrets": secretShape, "GET " + one + "/secrets/{secret}": secretShape,
		"DELETE " + one + "/secrets/{secret}": "null", "PATCH " + one + "/secrets-bulk": members{},
		"GET " + one + "/settings": versionedShape, "PATCH " + one + "/settings": versionedShape,
		"GET " + one + "/script-settings": settingsShape, "PATCH " + one + "/script-settings": settingsShape,
		"GET " + one + "/subdomain": switchShape, "POST " + one + "/subdomain": switchShape, "DELETE " + one + "/subdomain": switchShape,
		"POST " + one + "/assets-upload-session": members{"jwt": "string", "buckets": list{list{"string"}}}, "POST " + account + "workers/assets/upload": members{"jwt": "string"},
		"GET " + one + "/schedules": schedulesShape, "PUT " + one + "/schedules": schedulesShape,
		"GET " + one + "/references": members{
			"services": members{"incoming": referenceShape, "outgoing": referenceShape, "pages_function": "bool"}, "durable_objects": referenceShape, "dispatch_outbounds": referenceShape,
		},
		"GET " + account + "workers/subdomain": subdomainShape, "PUT " + account + "workers/subdomain": subdomainShape, "DELETE " + account + "workers/subdomain": "null",
		"GET " + account + "workers/subdomains/{subdomain}":     "null",
		"GET " + account + "workers/tails/by-consumer/{script}": list{"any"}, "GET " + account + "workers/durable_objects/namespaces": list{"any"},
		"GET " + account + "storage/kv/namespaces": list{"any"},
		"GET " + one + "/tails":                    list{}, "GET " + one + "/queue-consumers": list{consumerShape}, "GET " + one + "/bindings": list{bindingShape},
		"GET " + account + "workers/account-settings": accountSettingsShape, "PUT " + account + "workers/account-settings": accountSettingsShape,
		"PUT " + account + "workers/domains": domainShape, "GET " + account + "workers/domains/{domain}": domainShape, "DELETE " + account + "workers/domains/{domain}": "null",
		"GET " + account + "workers/domains/records/{domain}": domainShape,
		"GET /zones/{zone}": zoneShape, "POST /zones/{zone}/workers/routes": routeShape, "GET /zones/{zone}/workers/routes/{route}": routeShape,
		"PUT /zones/{zone}/workers/routes/{route}": routeShape, "DELETE /zones/{zone}/workers/routes/{route}": members{"id": "string"},
		"PUT " + one + "/routes": list{routeShape}, "GET /zones/{zone}/workers/routes": list{routeShape},
		"POST " + one + "/domains/changeset": members{"added": list{domainShape}, "removed": list{domainShape}, "updated": list{domainShape}, "conflicting": list{domainShape}},
		"PUT " + one + "/domains/records":    list{domainShape}, "GET " + account + "workers/domains": list{domainShape},
		"GET /zones": list{zoneShape},
		"GET " + account + "workflows/{workflow}": workflowShape, "PUT " + account + "workflows/{workflow}": workflowShape,
		"GET " + account + "r2/buckets/{bucket}":    members{"name": "string", "creation_date": "time", "storage_class": "string"},
		"GET " + account + "d1/database/{database}": members{"uuid": "string", "name": "string"},
		"GET " + account + "queues":                 list{queueShape}, "GET " + account + "queues/{queue}": queueShape,
		"GET " + account + "queues/{queue}/consumers": list{consumerShape}, "POST " + account + "queues/{queue}/consumers": consumerShape,
		"GET " + account + "queues/{queue}/consumers/{consumer}": consumerShape, "PUT " + account + "queues/{queue}/consumers/{consumer}": consumerShape,
		"DELETE " + account + "queues/{queue}/consumers/{consumer}": "null",

		"GET " + worker: list{workerShape}, "POST " + worker: workerShape, "GET " + oneWorker: workerShape, "PUT " + oneWorker: workerShape, "PATCH " + oneWorker: workerShape,
		"DELETE " + oneWorker: "null", "GET " + oneWorker + "/versions": list{workerVersionShape}, "POST " + oneWorker + "/versions": workerVersionShape,
		"GET " + oneWorker + "/versions/{version}": workerVersionShape, "DELETE " + oneWorker + "/versions/{version}": "null",
		"PATCH " + oneWorker + "/versions/latest": workerVersionShape,

		"GET " + project: list{projectShape}, "POST " + project: projectShape, "GET " + project + "/{project}": projectShape,
		"PATCH " + project + "/{project}": projectShape, "DELETE " + project + "/{project}": "null",
	}
}()

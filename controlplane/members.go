package controlplane

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
)

// codeNotModeled is the code of this package for requests that Cloudflare's API would accept and
// this package would have to ignore. No code of the API has six digits that start with 99.
const codeNotModeled = 990001

// notModeled refuses what this package does not model, so that no test passes because of an answer
// that means nothing. The log has a warning.
func notModeled(what string) *failure {
	f := refuse(http.StatusBadRequest, codeNotModeled, "This test double of Cloudflare's API does not model "+what+
		". The request has changed nothing.")
	f.level = slog.LevelWarn
	return f
}

// The members that bodies may have: those of Cloudflare's OpenAPI schema, by way of cloudflare-go
// v6.10.0, and those that wrangler 4.164.0 sends. All others are refused, since they would be
// lost. Members that the API sets itself are accepted and ignored, as clients send back what they
// got.
var (
	// Members of settings, which belong to no version.
	scriptSettingsMembers = strings.Fields("logpush observability tags tail_consumers streaming_tail_consumers")

	// Members that each upload may have.
	versionMembers = strings.Fields("annotations bindings compatibility_date compatibility_flags limits migrations " +
		"placement usage_model")

	// Members of an upload in a form. package_dependencies are statistics, and code_update_strategy
	// is about running code: both change nothing here.
	formMembers = slices.Concat(versionMembers, scriptSettingsMembers, strings.Fields("assets body_part cache_options "+
		"code_update_strategy containers exports keep_assets keep_bindings main_module package_dependencies"))

	// Members of a version in the beta API.
	betaVersionMembers = slices.Concat(versionMembers, strings.Fields("assets body_part containers main_module modules"),
		strings.Fields("created_on id migration_tag number source startup_time_ms urls"))

	settingsMembers = slices.Concat(versionMembers, scriptSettingsMembers, strings.Fields("cache_options"))

	// Members of a Worker in the beta API.
	workerMembers = slices.Concat(scriptSettingsMembers, strings.Fields("name subdomain"),
		strings.Fields("created_on deployed_on id references updated_on"))
	workerSubdomainMembers = strings.Fields("enabled previews_enabled preview_url_suffix url")

	mainMembers   = strings.Fields("body_part main_module")
	secretMembers = strings.Fields("algorithm format key_base64 key_jwk name text type usages")
	domainMembers = strings.Fields("environment hostname id service zone_id zone_name")

	deploymentMembers = slices.Concat(strings.Fields("annotations code_update_strategy strategy versions"),
		strings.Fields("author_email created_on id source"))
)

// onlyHas fails if o has other members than known. One that is null says nothing, so that nothing is
// lost.
func (o object) onlyHas(known []string) error {
	for _, m := range o {
		if !slices.Contains(known, m.key) && !isNull(m.value) {
			return notModeled(memberLabel(m.key))
		}
	}
	return nil
}

// maxMember is the longest name of a member that is in an error, in bytes.
const maxMember = 64

// memberLabel names a member of a request, unless its name can be something else, such as a secret.
func memberLabel(key string) string {
	if !consistsOf(key, lowerCase+digits+"_", maxMember) {
		return "a member of the request whose name is unlike those of the API"
	}
	return fmt.Sprintf("the member %q of the request", key)
}

// checked is a body that may have certain members only.
type checked interface{ members() []string }

// checkMembers fails if a JSON object has other members than its type may have.
func checkMembers(text []byte, body any) error {
	b, ok := body.(checked)
	if !ok {
		return nil
	}
	var o object
	if json.Unmarshal(text, &o) != nil {
		return nil // null, which has no members
	}
	return o.onlyHas(b.members())
}

func (deploymentBody) members() []string { return deploymentMembers }
func (bulkBody) members() []string       { return []string{"secrets"} }
func (subdomainBody) members() []string  { return workerSubdomainMembers }
func (domainResult) members() []string   { return domainMembers }
func (workflowBody) members() []string   { return []string{"script_name", "class_name"} }

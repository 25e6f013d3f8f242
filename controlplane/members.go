package controlplane

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
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

// The members that bodies may have: those of Cloudflare's OpenAPI schema, as generated into cloudflare-go v6.10.0, and
// those that wrangler 4.164.0 sends. All others are refused, since they would be lost. Members that the API sets itself
// are accepted and ignored, as clients send back what they got.
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
	betaVersionMembers = slices.Concat(versionMembers, strings.Fields("assets body_part cache_options containers exports "+
		"main_module modules package_dependencies created_on id migration_tag number source startup_time_ms urls"))

	settingsMembers = slices.Concat(versionMembers, scriptSettingsMembers, strings.Fields("cache_options"))

	mainMembers = strings.Fields("body_part main_module")
)

// bindingMembers are the members of kinds of bindings of which not all members are kept.
var bindingMembers = map[binding.Kind][]string{
	binding.PlainText:  {"name", "type", "text"},
	binding.JSON:       {"name", "type", "json"},
	binding.SecretText: {"name", "type", "text"},
	binding.Inherit:    {"name", "type", "old_name", "version_id"},
	secretKey:          {"name", "type", "algorithm", "format", "key_base64", "key_jwk", "usages"},
}

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

// checkMembers fails if a JSON text has a member that the type into which it is decoded has no field
// for: it would be lost. The tag "accepts" of a field lists more members, which have no effect. Types
// that decode themselves check their members themselves.
func checkMembers(text []byte, t reflect.Type) error {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	var o object // stays empty for null
	types := make(map[string]reflect.Type)
	switch t.Kind() {
	case reflect.Pointer:
		return checkMembers(text, t.Elem())
	case reflect.Slice:
		return checkElements(text, t.Elem())
	case reflect.Map:
		json.Unmarshal(text, &o)
		for _, m := range o {
			types[m.key] = t.Elem()
		}
	case reflect.Struct:
		json.Unmarshal(text, &o)
		types = memberTypes(t)
	}
	if err := o.onlyHas(slices.Collect(maps.Keys(types))); err != nil {
		return err
	}
	for _, m := range o {
		if types[m.key] == nil {
			continue
		}
		if err := checkMembers(m.value, types[m.key]); err != nil {
			return err
		}
	}
	return nil
}

// checkElements is checkMembers for each element of an array.
func checkElements(text []byte, t reflect.Type) error {
	var list []json.RawMessage
	json.Unmarshal(text, &list)
	for _, element := range list {
		if err := checkMembers(element, t); err != nil {
			return err
		}
	}
	return nil
}

// memberTypes returns the types of the members that a struct has fields for, and nil for those that
// it accepts.
func memberTypes(t reflect.Type) map[string]reflect.Type {
	types := make(map[string]reflect.Type)
	for i := range t.NumField() {
		f := t.Field(i)
		for name := range strings.FieldsSeq(f.Tag.Get("accepts")) {
			types[name] = nil
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() {
			types[cmp.Or(name, strings.ToLower(f.Name))] = f.Type
		}
	}
	return types
}

// Package schema reads what Cloudflare documents about its API from two npm packages that are made
// from the API's OpenAPI schema: cf, a command, has routes; cloudflare, an SDK, has routes and the
// types of requests. Neither of them has all routes.
package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// API maps routes, such as "PUT /accounts/{}/workers/scripts/{}", to the members of their bodies,
// sorted. A member has a path such as "metadata.limits.cpu_ms", in which * stands for any name, and
// [plain_text] for an object with that type. Routes without a body, and those that only cf has, have
// no members.
type API map[string][]string

// Read reads the packages in a folder node_modules. It fails if one is missing, or if the layout of
// the SDK is another one than that of version 7.
func Read(modules string) (API, error) {
	api, err := readCommand(filepath.Join(modules, "cf", "cf-dist", "_meta", "schemas.json"))
	if err != nil {
		return nil, err
	}
	sdk, err := readSDK(filepath.Join(modules, "cloudflare", "resources"))
	if err == nil && !slices.Contains(sdk[wellKnownRoute], wellKnownMember) {
		err = fmt.Errorf("the SDK in %s has another layout: no member %q of %s was found", modules, wellKnownMember,
			wellKnownRoute)
	}
	maps.Copy(api, sdk)
	return api, err
}

// A route and a member of its body that any schema has.
const (
	wellKnownRoute  = "PUT /accounts/{}/workers/scripts/{}"
	wellKnownMember = "metadata.bindings[secret_text].text"
)

// readCommand returns the routes in the metadata of cf.
func readCommand(file string) (API, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var meta struct {
		Schemas map[string]struct{ HTTPMethod, Path string }
	}
	if err := json.Unmarshal(text, &meta); err != nil {
		return nil, err
	}
	api := make(API)
	for _, operation := range meta.Schemas {
		api[Route(operation.HTTPMethod+" "+operation.Path)] = nil
	}
	return api, nil
}

var parameter = regexp.MustCompile(`\$?\{[^}]*\}`)

// Route returns a route with {} for each of its parameters, however they are called.
func Route(route string) string { return parameter.ReplaceAllString(route, "{}") }

// readSDK returns the operations of all classes in a folder of the SDK and below it.
func readSDK(folder string) (API, error) {
	sdk := make(API)
	err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".js") {
			return err
		}
		code, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		methods := parseMethods(string(code))
		if len(methods) == 0 {
			return nil
		}
		declarations, err := os.ReadFile(strings.TrimSuffix(path, ".js") + ".d.ts")
		if err != nil {
			return err
		}
		types := parseTypes(string(declarations))
		for _, m := range methods {
			sdk[m.route] = m.members(types)
		}
		return nil
	})
	return sdk, err
}

// method is a method of a class of the SDK that makes a request.
type method struct {
	name     string
	route    string
	excluded map[string]bool // members of the parameter that are not in the body
	body     bool            // whether the other members of the parameter are the body
}

var (
	methodStart = regexp.MustCompile(`^ {8}(\w+)\(.*\) \{$`)
	unpacking   = regexp.MustCompile(`^ {12}const \{ (.*) \} = params`)
	requesting  = regexp.MustCompile("_client\\.(\\w+)\\((?:\\(0, path_1\\.path\\) )?[`']([^`']+)[`']")
	otherMethod = regexp.MustCompile(`method: '(\w+)'`)
)

// parseMethods reads the JavaScript of a class.
func parseMethods(code string) []method {
	var all []method
	var m method
	for line := range strings.Lines(code) {
		line = strings.TrimSuffix(line, "\n")
		if found := methodStart.FindStringSubmatch(line); found != nil {
			m = method{name: found[1], excluded: make(map[string]bool)}
		}
		if found := unpacking.FindStringSubmatch(line); found != nil {
			for name := range strings.SplitSeq(found[1], ", ") {
				name, _, _ = strings.Cut(name, ":")
				m.excluded[strings.Trim(name, "'")] = name != "body"
				m.body = m.body || name == "...body" || name == "body"
			}
		}
		if found := requesting.FindStringSubmatch(line); found != nil {
			verb := found[1]
			if verb == "getAPIList" {
				verb = "get"
			}
			if other := otherMethod.FindStringSubmatch(line); other != nil {
				verb = other[1]
			}
			m.route = strings.ToUpper(verb) + " " + Route(found[2])
			all = append(all, m)
		}
	}
	return all
}

// members returns the members of the body.
func (m method) members(types types) []string {
	if !m.body {
		return nil
	}
	found := make(map[string]bool)
	types.expand(types.parameters[m.name], "", found)
	var list []string
	for path := range found {
		first, rest, _ := strings.Cut(path, ".")
		first, _, _ = strings.Cut(first, "[")
		if first == "body" {
			path = rest
		}
		if path != "" && !m.excluded[first] {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

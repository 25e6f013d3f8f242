package controlplane

import (
	"encoding/json"
	"maps"
)

// listProjects lists a page of the account's Pages projects by name.
func listProjects(c *call) (paged, error) {
	s, err := c.account.pages.history.Read(c.ctx())
	if err != nil {
		return paged{}, err
	}
	names, info := window(c, s.Settings())
	list := []project{}
	for _, name := range names {
		found, err := projectOf(s, name)
		if err != nil {
			return paged{}, err
		}
		list = append(list, found.shown())
	}
	return paged{list, info}, nil
}

func getProject(c *call) (project, error) {
	found, err := c.account.pages.read(c.ctx(), c.params["project"])
	if err != nil {
		return nil, err
	}
	return found.shown(), nil
}

func createProject(c *call, text json.RawMessage) (project, error) {
	given, ok := decoded(text).(map[string]any)
	if !ok {
		return nil, errBody
	}
	made, err := c.account.pages.create(c.ctx(), given)
	if err != nil {
		return nil, err
	}
	return made.shown(), nil
}

// patchProject is also how wrangler 4.164.0 puts and deletes secrets of Pages.
func patchProject(c *call, text json.RawMessage) (project, error) {
	changes, ok := decoded(text).(map[string]any)
	if !ok {
		return nil, errBody
	}
	made, err := c.account.pages.patch(c.ctx(), c.params["project"], changes)
	if err != nil {
		return nil, err
	}
	return made.shown(), nil
}

func deleteProject(c *call) (any, error) {
	return nil, c.account.pages.remove(c.ctx(), c.params["project"])
}

// shown returns p as the API shows it: with what it has of its own accord, and without the values of secrets.
func (p project) shown() project {
	host := p.name() + ".pages.dev"
	all := project{
		"framework": "", "framework_version": "", "uses_functions": false,
		"production_script_name": "pages-worker--" + p.name() + "-production", "preview_script_name": "pages-worker--" + p.name() + "-preview",
		"canonical_deployment": nil, "latest_deployment": nil,
	}
	maps.Copy(all, p)
	build := map[string]any{"web_analytics_tag": nil, "web_analytics_token": nil}
	given, _ := p["build_config"].(map[string]any)
	maps.Copy(build, given)
	all["build_config"] = build
	all["subdomain"], all["domains"] = host, []string{host}
	all["deployment_configs"] = map[string]any{Production: p.shownConfig(Production), Preview: p.shownConfig(Preview)}
	return all
}

func (p project) shownConfig(environment string) map[string]any {
	all := map[string]any{
		"always_use_latest_compatibility_date": false, "build_image_major_version": 3, "compatibility_date": "", "compatibility_flags": []string{},
		"fail_open": true, "usage_model": "standard",
	}
	maps.Copy(all, p.config(environment))
	vars := make(map[string]any)
	for name, v := range p.vars(environment) {
		vars[name] = shownVar(v)
	}
	all["env_vars"] = vars
	return all
}

// shownVar returns a var with its value, and a secret with an empty one.
func shownVar(v any) map[string]any {
	kind, _ := field(v, "type")
	if kind != "plain_text" {
		return map[string]any{"type": kind, "value": ""}
	}
	value, _ := field(v, "value")
	return map[string]any{"type": kind, "value": value}
}

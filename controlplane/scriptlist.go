package controlplane

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// scriptObject is a Worker as the list of scripts has it.
type scriptObject struct {
	ID                 string          `json:"id"`
	Tag                string          `json:"tag"`
	Etag               string          `json:"etag"`
	Handlers           []string        `json:"handlers"`
	CreatedOn          timestamp       `json:"created_on"`
	ModifiedOn         timestamp       `json:"modified_on"`
	LastDeployedFrom   string          `json:"last_deployed_from,omitempty"`
	HasModules         bool            `json:"has_modules"`
	HasAssets          bool            `json:"has_assets"`
	CompatibilityDate  string          `json:"compatibility_date,omitempty"`
	CompatibilityFlags []string        `json:"compatibility_flags"`
	MigrationTag       string          `json:"migration_tag,omitempty"`
	UsageModel         string          `json:"usage_model"`
	Logpush            bool            `json:"logpush"`
	Observability      json.RawMessage `json:"observability,omitempty"`
	TailConsumers      json.RawMessage `json:"tail_consumers"`
	Tags               []string        `json:"tags"`
}

// listScripts lists all Workers of the account by name, or those that have the tags of the query, as "team:yes,old:no".
func listScripts(c *call) ([]scriptObject, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return nil, err
	}
	wanted := c.r.URL.Query().Get("tags")
	list := []scriptObject{}
	for _, w := range all {
		shown, err := c.showScript(w)
		if err != nil {
			return nil, err
		}
		if hasTags(shown.Tags, wanted) {
			list = append(list, shown)
		}
	}
	return list, nil
}

// hasTags reports whether tags are as wanted, a list of tags that are to be there or not.
func hasTags(tags []string, wanted string) bool {
	for want := range strings.SplitSeq(wanted, ",") {
		tag, answer, _ := cutLast(want, ":")
		if want != "" && slices.Contains(tags, tag) != (answer != "no") {
			return false
		}
	}
	return true
}

// cutLast is strings.Cut around the last sep, since a tag may have any.
func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}

// foundScript is a Worker as a search has it.
type foundScript struct {
	ID                   string    `json:"id"`
	ScriptName           string    `json:"script_name"`
	ScriptTag            string    `json:"script_tag"`
	ServiceName          string    `json:"service_name"`
	EnvironmentName      string    `json:"environment_name"`
	EnvironmentIsDefault bool      `json:"environment_is_default"`
	CreatedOn            timestamp `json:"created_on"`
	ModifiedOn           timestamp `json:"modified_on"`
}

// searchScripts lists a page of the Workers whose names contain the name of the query, and which have its ID, by name.
func searchScripts(c *call) (paged, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return paged{}, err
	}
	name, id := c.r.URL.Query().Get("name"), c.r.URL.Query().Get("id")
	all = slices.DeleteFunc(all, func(w version.Worker) bool { return !strings.Contains(w.Name, name) || id != "" && w.ID != id })
	page, info := window(c, all)
	list := []foundScript{}
	for _, w := range page {
		shown, err := c.showScript(w)
		if err != nil {
			return paged{}, err
		}
		list = append(list, foundScript{w.ID, w.Name, w.ID, w.Name, "production", true, shown.CreatedOn, shown.ModifiedOn})
	}
	return paged{list, info}, nil
}

// getScript returns the Worker that the path speaks of.
func getScript(c *call) (scriptObject, error) {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return scriptObject{}, err
	}
	return c.showScript(w)
}

func (c *call) showScript(w version.Worker) (scriptObject, error) {
	h, err := c.account.Open(c.ctx(), w.Name)
	if err != nil {
		return scriptObject{}, err
	}
	s := h.Cached()
	latest, _ := s.Latest()
	code, set := latest.Code(), settingsOf(s)
	updated, _ := changed(w, s)
	_, hasAssets := assetsOf(code)
	migration, _ := s.Setting(migrationTagName)
	return scriptObject{
		ID: w.Name, Tag: w.ID, Etag: etag(code), Handlers: handlers, CreatedOn: timestamp(w.Created), ModifiedOn: updated, LastDeployedFrom: latest.Source(),
		HasModules: code.MainModule != "", HasAssets: hasAssets, CompatibilityDate: code.CompatibilityDate, CompatibilityFlags: append([]string{}, code.CompatibilityFlags...),
		MigrationTag: migration.Reveal(), UsageModel: "standard", Logpush: set.Logpush, Observability: set.observability(), TailConsumers: set.TailConsumers, Tags: set.Tags,
	}, nil
}

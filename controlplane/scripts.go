package controlplane

import (
	"errors"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// Every Worker has these, since the Handler does not run code to find out.
const (
	startupTimeMS = 1
	standardUsage = "standard"
	production    = "production" // the only environment of a service
)

var handlers = []string{"fetch"}

// serviceResult is a Worker as older routes show it, with environments.
type serviceResult struct {
	ID                 string             `json:"id"`
	CreatedOn          timestamp          `json:"created_on"`
	ModifiedOn         timestamp          `json:"modified_on"`
	UsageModel         string             `json:"usage_model"`
	DefaultEnvironment serviceEnvironment `json:"default_environment"`
	Environments       []environment      `json:"environments"` // only production
}

type serviceEnvironment struct {
	environment
	Script scriptResult `json:"script"`
}

type environment struct {
	Environment string    `json:"environment"`
	CreatedOn   timestamp `json:"created_on"`
	ModifiedOn  timestamp `json:"modified_on"`
}

// getService serves the first request of wrangler. For a Worker that does not exist, its error
// differs from that of all other routes.
func getService(c *call) (any, error) {
	s, err := c.getScript()
	if errors.Is(err, version.ErrNotFound) {
		err = errNoService
	}
	e := environment{production, s.CreatedOn, s.ModifiedOn}
	return serviceResult{
		s.ID, s.CreatedOn, s.ModifiedOn, s.UsageModel, serviceEnvironment{e, s}, []environment{e},
	}, err
}

// migrationTag returns the tag of the last migration of Durable Objects.
func migrationTag(s version.Snapshot) string {
	tag, _ := s.Setting(migrationTagName)
	return tag.Reveal()
}

// deleteWorker deletes a Worker. If other Workers refer to it, the query must have force=true.
func deleteWorker(c *call) (any, error) {
	c.finish()
	return nil, c.account.Delete(c.ctx(), c.script(), c.query("force") == "true")
}

// uploadResult is the answer to an upload that is deployed at once.
type uploadResult struct {
	scriptResult
	EntryPoint    string `json:"entry_point"`
	DeploymentID  string `json:"deployment_id"` // the ID of the version without hyphens
	StartupTimeMS int    `json:"startup_time_ms"`
}

// putScript makes a version and deploys it. It creates the Worker if there is none.
func putScript(c *call) (any, error) {
	u, err := c.readForm()
	if err != nil {
		return nil, err
	}
	var v version.Version
	err = c.updateOrCreate(u.contents, func(tx *version.Tx) (err error) {
		v, err = u.apply(tx, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := c.getScript()
	code := v.Code()
	return uploadResult{shown, code.MainModule + code.BodyPart, strings.ReplaceAll(v.ID(), "-", ""), startupTimeMS}, err
}

// updateOrCreate stores contents and changes the Worker in the path. If there is none, it creates
// it with that change; a change that fails creates no Worker.
func (c *call) updateOrCreate(contents map[string]string, change func(*version.Tx) error) error {
	_, err := c.history()
	absent := errors.Is(err, version.ErrNotFound)
	if err != nil && !absent {
		return err
	}
	if absent && !isScriptName(c.script()) {
		return errScriptName
	}
	c.finish()
	if err := c.keep(contents); err != nil {
		return err
	}
	if absent {
		_, err := c.account.CreateWith(c.ctx(), c.script(), change)
		if !errors.Is(err, version.ErrExists) {
			return err
		}
	}
	return c.update(change)
}

// scriptResult is a Worker in the list of scripts.
type scriptResult struct {
	ID                 string    `json:"id"`
	Tag                string    `json:"tag"`
	Etag               string    `json:"etag"`
	Handlers           []string  `json:"handlers"`
	CreatedOn          timestamp `json:"created_on"`
	ModifiedOn         timestamp `json:"modified_on"`
	LastDeployedFrom   string    `json:"last_deployed_from,omitempty"`
	HasModules         bool      `json:"has_modules"`
	HasAssets          bool      `json:"has_assets"`
	CompatibilityDate  string    `json:"compatibility_date,omitempty"`
	CompatibilityFlags []string  `json:"compatibility_flags"`
	MigrationTag       string    `json:"migration_tag,omitempty"`
	Placement          rawMember `json:"placement,omitempty"`
	PlacementMode      string    `json:"placement_mode,omitempty"`
	UsageModel         string    `json:"usage_model"`
	Observability      rawMember `json:"observability,omitempty"` // overrides that of settings, which may be null
	settings
}

// listScripts lists the Workers of the account by name. The query may ask for those with tags, as
// "team:yes,old:no".
func listScripts(c *call) (any, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return nil, err
	}
	wanted := c.query("tags")
	list := []scriptResult{}
	for _, w := range all {
		shown, err := c.showScript(w)
		if err != nil {
			return nil, err
		}
		if matchTags(shown.Tags, wanted) {
			list = append(list, shown)
		}
	}
	return list, nil
}

// matchTags reports whether a Worker with tags is wanted: each TAG:yes is there, and each TAG:no is
// not.
func matchTags(tags []string, wanted string) bool {
	for want := range strings.SplitSeq(wanted, ",") {
		tag, isWanted := want, true
		if i := strings.LastIndexByte(want, ':'); i >= 0 {
			tag, isWanted = want[:i], want[i+1:] != "no"
		}
		if want != "" && slices.Contains(tags, tag) != isWanted {
			return false
		}
	}
	return true
}

// getScript returns the Worker in the path as the list of scripts has it.
func (c *call) getScript() (scriptResult, error) {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return scriptResult{}, err
	}
	return c.showScript(w)
}

func (c *call) showScript(w version.Worker) (scriptResult, error) {
	h, err := c.account.Open(c.ctx(), w.Name)
	if err != nil {
		return scriptResult{}, err
	}
	s := h.Cached()
	latest, _ := s.Latest()
	code, set := latest.Code(), settingsOf(s)
	modified, _ := lastChanges(w, s)
	kept := metadataOf(code)
	return scriptResult{
		ID:                 w.Name,
		Tag:                w.ID,
		Etag:               etag(code),
		Handlers:           handlers,
		CreatedOn:          timestamp(w.Created),
		ModifiedOn:         modified,
		LastDeployedFrom:   latest.Source(),
		HasModules:         code.MainModule != "",
		HasAssets:          kept.Assets != nil,
		CompatibilityDate:  code.CompatibilityDate,
		CompatibilityFlags: orEmpty(code.CompatibilityFlags),
		MigrationTag:       migrationTag(s),
		Placement:          kept.Placement,
		PlacementMode:      kept.placementMode(),
		UsageModel:         kept.UsageModel,
		Observability:      set.Observability,
		settings:           set,
	}, nil
}

// searchResult is a Worker that a search found.
type searchResult struct {
	ID                   string    `json:"id"`
	ScriptName           string    `json:"script_name"`
	ScriptTag            string    `json:"script_tag"`
	ServiceName          string    `json:"service_name"`
	EnvironmentName      string    `json:"environment_name"`
	EnvironmentIsDefault bool      `json:"environment_is_default"`
	CreatedOn            timestamp `json:"created_on"`
	ModifiedOn           timestamp `json:"modified_on"`
}

// searchScripts lists the Workers whose names contain the name in the query and that have the ID in
// the query.
func searchScripts(c *call) (any, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return nil, err
	}
	name, id := c.query("name"), c.query("id")
	all = slices.DeleteFunc(all, func(w version.Worker) bool {
		return !strings.Contains(w.Name, name) || id != "" && w.ID != id
	})
	return pageOf(c, all, func(w version.Worker) (searchResult, error) {
		shown, err := c.showScript(w)
		return searchResult{w.ID, w.Name, w.ID, w.Name, production, true, shown.CreatedOn, shown.ModifiedOn}, err
	})
}

// lastChanges returns when a Worker changed last, not counting settings, and when it was deployed
// last, nil if never.
func lastChanges(w version.Worker, s version.Snapshot) (updated timestamp, deployed *timestamp) {
	last := w.Created
	if v, ok := s.Latest(); ok {
		last = v.Created()
	}
	d, ok := s.Current()
	if !ok {
		return timestamp(last), nil
	}
	at := timestamp(d.Created())
	if d.Created().After(last) {
		return at, &at
	}
	return timestamp(last), &at
}

const (
	lowerCase = "abcdefghijklmnopqrstuvwxyz"
	digits    = "0123456789"
)

// Bounds of names, in characters.
const (
	maxScriptName  = 255
	maxProjectName = 58 // from Cloudflare's page "Get started" of Pages
	maxLabel       = 63 // from the domain name system
)

// isScriptName reports whether a Worker can have a name.
func isScriptName(name string) bool {
	return consistsOf(name, lowerCase+digits+"_-", maxScriptName) && name[0] != '-'
}

// isLabel reports whether name can be a label of a domain of at most length characters, as wrangler
// checks a subdomain.
func isLabel(name string, length int) bool {
	return consistsOf(name, lowerCase+digits+"-", length) && name[0] != '-' && name[len(name)-1] != '-'
}

// consistsOf reports whether name has 1 to length characters, all of them from a set.
func consistsOf(name, set string, length int) bool {
	return name != "" && len(name) <= length && strings.Trim(name, set) == ""
}

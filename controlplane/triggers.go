package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// triggers are the routes, custom domains and workflows of all Workers of an account: the ID of a Worker by pattern, and by host name. Those
// of a Worker that is deleted are still in here, and mean nothing.
type triggers struct {
	Routes    map[string]string   `json:"routes"`
	Domains   map[string]string   `json:"domains"`
	Workflows map[string]workflow `json:"workflows"`
}

func triggersOf(s version.Snapshot) triggers {
	t := triggers{make(map[string]string), make(map[string]string), make(map[string]workflow)}
	if text, ok := s.Setting(triggersName); ok {
		json.Unmarshal([]byte(text.Reveal()), &t)
	}
	return t
}

func (t triggers) keep(tx *version.Tx) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return tx.PutSetting(triggersName, binding.NewValue(string(text)))
}

// triggers returns those of the account, with the names of the Workers that exist by their IDs.
func (c *call) triggers() (triggers, map[string]string, error) {
	s, err := c.account.settings.Read(c.ctx())
	if err != nil {
		return triggers{}, nil, err
	}
	names, err := c.workerNames()
	return triggersOf(s), names, err
}

// workerNames returns the names of the Workers of an account by their IDs.
func (c *call) workerNames() (map[string]string, error) {
	all, err := c.account.Workers(c.ctx())
	names := make(map[string]string, len(all))
	for _, w := range all {
		names[w.ID] = w.Name
	}
	return names, err
}

// retrigger changes the triggers of the account for the Worker that the path speaks of. Those of Workers that are deleted are gone by then.
func (c *call) retrigger(change func(w version.Worker, t triggers) error) error {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return err
	}
	_, err = c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		t := triggersOf(tx.Snapshot())
		names, err := c.workerNames() // asked after the triggers were, so that every Worker of theirs is known
		if err != nil {
			return err
		}
		gone := func(_, id string) bool { return names[id] == "" }
		maps.DeleteFunc(t.Routes, gone)
		maps.DeleteFunc(t.Domains, gone)
		if err := change(w, t); err != nil {
			return err
		}
		return t.keep(tx)
	})
	return err
}

// workerRoute is a route of a zone that goes to a Worker. Which zone the client says it is in makes no difference.
type workerRoute struct {
	ID      string `json:"id"`
	Pattern string `json:"pattern"`
	Script  string `json:"script"`
}

// putRoutes puts routes in the place of those that the Worker has. One that another Worker has is not given away.
func putRoutes(c *call, given []struct{ Pattern string }) ([]workerRoute, error) {
	list := []workerRoute{}
	for _, r := range given {
		if hostOf(r.Pattern) == "" {
			return nil, refuse(http.StatusBadRequest, 10022, "The pattern of a route has a host name, and perhaps a path.")
		}
		list = append(list, workerRoute{idOf(r.Pattern), r.Pattern, c.script()})
	}
	return list, c.retrigger(func(w version.Worker, t triggers) error {
		maps.DeleteFunc(t.Routes, func(_, id string) bool { return id == w.ID })
		for _, r := range list {
			if id := t.Routes[r.Pattern]; id != "" && id != w.ID {
				return refuse(http.StatusConflict, 10020, "workers.api.error.duplicate_route")
			}
			t.Routes[r.Pattern] = w.ID
		}
		return nil
	})
}

// hostOf returns the host name in the pattern of a route, without a wildcard before it, "" if there is none.
func hostOf(pattern string) string {
	_, rest, found := strings.Cut(pattern, "://")
	if !found {
		rest = pattern
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(strings.TrimLeft(host, "*"), ".")
}

// idOf makes the ID of what goes by a name.
func idOf(name string) string {
	hash := sha256.Sum256([]byte(name))
	return hex.EncodeToString(hash[:16])
}

// customDomain is a host name that is all a Worker's.
type customDomain struct {
	ID          string `json:"id"`
	Hostname    string `json:"hostname"`
	ZoneID      string `json:"zone_id"`
	ZoneName    string `json:"zone_name"`
	Service     string `json:"service"`
	Environment string `json:"environment"`
	Modified    bool   `json:"modified,omitempty"` // in a changeset: whether it is another Worker's now
}

func (c *call) customDomain(host, service string) customDomain {
	zone := zoneOf(host)
	return customDomain{ID: idOf(host), Hostname: host, ZoneID: zoneID(c.params["account"], zone), ZoneName: zone, Service: service, Environment: "production"}
}

// listDomains lists the custom domains of the account by name.
func listDomains(c *call) ([]customDomain, error) {
	t, names, err := c.triggers()
	if err != nil {
		return nil, err
	}
	list := []customDomain{}
	for _, host := range slices.Sorted(maps.Keys(t.Domains)) {
		if name := names[t.Domains[host]]; name != "" {
			list = append(list, c.customDomain(host, name))
		}
	}
	return list, nil
}

type origin struct{ Hostname string }

// changeset is what a list of custom domains would change.
type changeset struct {
	Added       []customDomain `json:"added"`
	Removed     []customDomain `json:"removed"`
	Updated     []customDomain `json:"updated"`
	Conflicting []customDomain `json:"conflicting"` // with records that are not Workers', of which there are none here
}

func compareDomains(c *call, origins []origin) (changeset, error) {
	if _, err := c.history(); err != nil {
		return changeset{}, err
	}
	set := changeset{[]customDomain{}, []customDomain{}, []customDomain{}, []customDomain{}}
	now, err := listDomains(c)
	if err != nil {
		return set, err
	}
	for _, o := range origins {
		d := c.customDomain(o.Hostname, c.script())
		i := slices.IndexFunc(now, func(d customDomain) bool { return d.Hostname == o.Hostname })
		if i < 0 {
			set.Added = append(set.Added, d)
			continue
		}
		d.Modified = now[i].Service != d.Service
		set.Updated = append(set.Updated, d)
	}
	for _, d := range now {
		kept := slices.ContainsFunc(origins, func(o origin) bool { return o.Hostname == d.Hostname })
		if d.Service == c.script() && !kept && c.r.URL.Query().Get("replace_state") == "true" {
			set.Removed = append(set.Removed, d)
		}
	}
	return set, nil
}

type domainRecords struct {
	OverrideExistingOrigin bool `json:"override_existing_origin"`
	Origins                []origin
}

// putDomains puts custom domains in the place of those that the Worker has.
func putDomains(c *call, given domainRecords) ([]customDomain, error) {
	list := []customDomain{}
	for _, o := range given.Origins {
		if strings.Count(o.Hostname, ".") == 0 || hostOf(o.Hostname) != o.Hostname {
			return nil, errBody
		}
		list = append(list, c.customDomain(o.Hostname, c.script()))
	}
	return list, c.retrigger(func(w version.Worker, t triggers) error {
		maps.DeleteFunc(t.Domains, func(_, id string) bool { return id == w.ID })
		for _, d := range list {
			if id := t.Domains[d.Hostname]; id != "" && id != w.ID && !given.OverrideExistingOrigin {
				return refuse(http.StatusConflict, 100117, "This host name is a custom domain of another Worker.")
			}
			t.Domains[d.Hostname] = w.ID
		}
		return nil
	})
}

package controlplane

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// domainResult is a custom domain: a host name that belongs to a Worker.
type domainResult struct {
	ID          string `json:"id"`
	Hostname    string `json:"hostname"`
	ZoneID      string `json:"zone_id"`
	ZoneName    string `json:"zone_name"`
	Service     string `json:"service"`
	Environment string `json:"environment"`
	Modified    bool   `json:"modified,omitempty"` // in a changeset: whether it belongs to another Worker now
}

func (c *call) showDomain(host, service string) domainResult {
	zone := zoneOf(host)
	return domainResult{
		ID: idOf(host), Hostname: host, ZoneID: zoneID(c.account.id, zone), ZoneName: zone,
		Service: service, Environment: production,
	}
}

// listDomains lists the custom domains of the account that have what the query asks for.
func listDomains(c *call) (any, error) {
	all, err := c.domains()
	return slices.DeleteFunc(all, func(d domainResult) bool {
		for key, value := range map[string]string{
			"environment": d.Environment, "hostname": d.Hostname, "service": d.Service,
			"zone_id": d.ZoneID, "zone_name": d.ZoneName,
		} {
			if want := c.query(key); want != "" && want != value {
				return true
			}
		}
		return false
	}), err
}

// findDomain returns the custom domain whose ID is in the path.
func (c *call) findDomain() (domainResult, error) {
	all, err := c.domains()
	for _, d := range all {
		if d.ID == c.r.PathValue("domain") {
			return d, err
		}
	}
	return domainResult{}, cmp.Or(err, errNoDomain)
}

var errNoDomain error = refuse(404, 100114, "This custom domain does not exist.")

func getDomain(c *call) (any, error) { return c.findDomain() }

func deleteDomain(c *call) (any, error) {
	d, err := c.findDomain()
	if err != nil {
		return nil, err
	}
	return nil, c.updateTriggers(func(t triggers) error {
		delete(t.Domains, d.Hostname)
		return nil
	})
}

// workerDomainBody is a custom domain in a request, with its Worker.
type workerDomainBody struct {
	Hostname, Service, Environment string

	ZoneID   string `json:"zone_id"`
	ZoneName string `json:"zone_name"`

	_ struct{} `accepts:"id"`
}

// putDomain gives a custom domain to a Worker, also one of another Worker. The zone follows from
// the host name.
func putDomain(c *call, b workerDomainBody) (any, error) {
	if !isDomain(b.Hostname) {
		return nil, errBody
	}
	w, err := c.account.Worker(c.ctx(), b.Service)
	if err != nil {
		return nil, err
	}
	d := c.showDomain(b.Hostname, w.Name)
	if b.Environment != "" && b.Environment != d.Environment {
		return nil, errEnvironment
	}
	if b.ZoneID != "" && b.ZoneID != d.ZoneID || b.ZoneName != "" && b.ZoneName != d.ZoneName {
		return nil, refuse(400, 100116, "The host name is not in this zone.")
	}
	return d, c.updateTriggers(func(t triggers) error {
		t.Domains[d.Hostname] = w.ID
		return nil
	})
}

// isDomain reports whether a host name can be a custom domain.
func isDomain(host string) bool { return strings.Count(host, ".") > 0 && hostOf(host) == host }

// domains returns the custom domains of the account by name.
func (c *call) domains() ([]domainResult, error) {
	t, err := c.triggers()
	list := []domainResult{}
	for _, host := range slices.Sorted(maps.Keys(t.Domains)) {
		list = append(list, c.showDomain(host, t.names[t.Domains[host]]))
	}
	return list, err
}

// domainBody is a custom domain in a request.
type domainBody struct {
	Hostname string

	_ struct{} `accepts:"zone_id zone_name"`
}

// changesetResult is what a list of custom domains would change.
type changesetResult struct {
	Added       []domainResult `json:"added"`
	Removed     []domainResult `json:"removed"`
	Updated     []domainResult `json:"updated"`
	Conflicting []domainResult `json:"conflicting"` // with DNS records, of which there are none here
}

// compareDomains returns what putDomains would change. It removes domains only with
// replace_state=true in the query.
func compareDomains(c *call, given []domainBody) (any, error) {
	if _, err := c.history(); err != nil {
		return nil, err
	}
	now, err := c.domains()
	if err != nil {
		return nil, err
	}
	none := []domainResult{}
	result := changesetResult{none, none, none, none}
	for _, g := range given {
		d := c.showDomain(g.Hostname, c.script())
		i := slices.IndexFunc(now, func(d domainResult) bool { return d.Hostname == g.Hostname })
		if i < 0 {
			result.Added = append(result.Added, d)
			continue
		}
		d.Modified = now[i].Service != d.Service
		result.Updated = append(result.Updated, d)
	}
	for _, d := range now {
		isKept := d.Service != c.script() || slices.Contains(given, domainBody{Hostname: d.Hostname})
		if !isKept && c.query("replace_state") == "true" {
			result.Removed = append(result.Removed, d)
		}
	}
	return result, nil
}

type domainsBody struct {
	OverrideExistingOrigin bool `json:"override_existing_origin"`
	Origins                []domainBody

	_ struct{} `accepts:"override_existing_dns_record override_scope"`
}

// putDomains replaces the custom domains of a Worker.
func putDomains(c *call, given domainsBody) (any, error) {
	list := []domainResult{}
	for _, g := range given.Origins {
		if !isDomain(g.Hostname) {
			return nil, errBody
		}
		list = append(list, c.showDomain(g.Hostname, c.script()))
	}
	return list, c.updateWorkerTriggers(func(w version.Worker, t triggers) error {
		maps.DeleteFunc(t.Domains, func(_, id string) bool { return id == w.ID })
		for _, d := range list {
			if id := t.Domains[d.Hostname]; id != "" && id != w.ID && !given.OverrideExistingOrigin {
				return refuse(409, 100117, "This host name is a custom domain of another Worker.")
			}
			t.Domains[d.Hostname] = w.ID
		}
		return nil
	})
}

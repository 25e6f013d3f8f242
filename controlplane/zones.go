package controlplane

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// zoneObject is a domain that an account has at Cloudflare. Here every account has every domain of two labels.
type zoneObject struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Status  string      `json:"status"`
	Account zoneAccount `json:"account"`
}

type zoneAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// zoneOf returns the zone of a host name.
func zoneOf(host string) string {
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

func zoneID(account, zone string) string { return idOf(account + "/" + zone) }

// zoneLog is the log that has the account and the name of a zone: one record, since the ID is made of both.
func zoneLog(id string) string { return "zone/" + url.PathEscape(id) }

// listZones finds the zone that the query names, in the account that it names. From then on the zone goes by its ID.
func listZones(c *call) (paged, error) {
	id, name := c.r.URL.Query().Get("account.id"), c.r.URL.Query().Get("name")
	if !c.h.serves(id) || !isZone(name) {
		return paged{[]zoneObject{}, resultInfo{Page: 1, PerPage: 20}}, nil
	}
	z := zoneObject{zoneID(id, name), name, "active", zoneAccount{id, id}}
	text, err := json.Marshal(z)
	if err != nil {
		return paged{}, err
	}
	err = c.h.store.Append(c.ctx(), zoneLog(z.ID), 0, version.NewRecord(string(text)))
	if err != nil && !errors.Is(err, version.ErrConflict) {
		return paged{}, err
	}
	return paged{[]zoneObject{z}, resultInfo{1, 20, 1, 1}}, nil
}

// isZone reports whether name is two labels of a host name.
func isZone(name string) bool {
	first, second, _ := strings.Cut(name, ".")
	return isLabel(first, maxLabel) && isLabel(second, maxLabel)
}

// listZoneRoutes lists the routes of a zone that has been found before, by pattern.
func listZoneRoutes(c *call) ([]workerRoute, error) {
	records, err := c.h.store.Read(c.ctx(), zoneLog(c.params["zone"]), 0)
	if err != nil {
		return nil, err
	}
	var z zoneObject
	if len(records) == 0 || json.Unmarshal([]byte(records[0].Reveal()), &z) != nil || !c.h.serves(z.Account.ID) {
		return nil, noRoute(c.r)
	}
	c.account = c.h.account(z.Account.ID)
	t, names, err := c.triggers()
	if err != nil {
		return nil, err
	}
	list := []workerRoute{}
	for _, pattern := range slices.Sorted(maps.Keys(t.Routes)) {
		if name := names[t.Routes[pattern]]; name != "" && zoneOf(hostOf(pattern)) == z.Name {
			list = append(list, workerRoute{idOf(pattern), pattern, name})
		}
	}
	return list, nil
}

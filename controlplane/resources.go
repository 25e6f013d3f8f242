package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// Zones, buckets, databases and queues exist for any name that a client asks for, and are empty.

// zoneResult is a zone. Each account has all zones of two labels.
type zoneResult struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Status  string      `json:"status"`
	Account zoneAccount `json:"account"`
}

type zoneAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// zoneOf returns the zone of a host name: its last two labels.
func zoneOf(host string) string {
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// isZone reports whether name has two labels.
func isZone(name string) bool {
	first, second, _ := strings.Cut(name, ".")
	return isLabel(first, maxLabel) && isLabel(second, maxLabel)
}

// idOf returns an ID for a name.
func idOf(name string) string {
	hash := sha256.Sum256([]byte(name))
	return hex.EncodeToString(hash[:16])
}

func zoneID(account, zone string) string { return idOf(account + "/" + zone) }

// zoneLog returns the log of a zone that listZones found. It has one record, since the ID
// identifies account and name.
func zoneLog(id string) string { return "zone/" + url.PathEscape(id) }

// anyAccount is the account of zones if every ID is an account.
const anyAccount = "0123456789abcdef0123456789abcdef"

// zoneAccount returns the account in the query, or the one that has the zones of all queries
// without an account.
func (c *call) zoneAccount() string {
	id := c.query("account.id")
	switch {
	case id != "":
		return id
	case len(c.h.o.Accounts) > 0:
		return c.h.o.Accounts[0]
	}
	return anyAccount
}

// listZones finds the zone whose name is in the query. Afterwards its ID is known.
func listZones(c *call) (any, error) {
	id, name := c.zoneAccount(), c.query("name")
	if !c.h.serves(id) || !isZone(name) {
		return page{[]zoneResult{}, resultInfo{Page: 1, PerPage: 20}}, nil
	}
	z := zoneResult{zoneID(id, name), name, "active", zoneAccount{id, id}}
	text, err := json.Marshal(z)
	if err != nil {
		return nil, err
	}
	err = c.h.o.Store.Append(c.ctx(), zoneLog(z.ID), 0, version.NewRecord(string(text)))
	if err != nil && !errors.Is(err, version.ErrConflict) {
		return nil, err
	}
	return page{[]zoneResult{z}, resultInfo{1, 20, 1, 1}}, nil
}

// withZone returns the endpoint of a function that takes the zone in the path. The zone has an
// account, which becomes that of the call.
func withZone(f func(*call, zoneResult) (any, error)) endpoint {
	return func(c *call) (any, error) {
		records, err := c.h.o.Store.Read(c.ctx(), zoneLog(c.r.PathValue("zone")), 0)
		if err != nil {
			return nil, err
		}
		var z zoneResult
		if len(records) == 0 || json.Unmarshal([]byte(records[0].Reveal()), &z) != nil || !c.h.serves(z.Account.ID) {
			return noRoute(c)
		}
		c.account = c.h.account(z.Account.ID)
		return f(c, z)
	}
}

func getZone(_ *call, z zoneResult) (any, error) { return z, nil }

// bucketResult is a bucket of R2.
type bucketResult struct {
	Name         string    `json:"name"`
	CreationDate timestamp `json:"creation_date"`
	StorageClass string    `json:"storage_class"`
}

func getBucket(c *call) (any, error) {
	return bucketResult{c.r.PathValue("bucket"), timestamp(c.h.o.Now()), "Standard"}, nil
}

// databaseResult is a database of D1, which a path names by its ID or its name.
type databaseResult struct {
	ID   string `json:"uuid"`
	Name string `json:"name"`
}

func getDatabase(c *call) (any, error) {
	name := c.r.PathValue("database")
	return databaseResult{name, name}, nil
}

type queueResult struct {
	ID             string   `json:"queue_id"`
	Name           string   `json:"queue_name"`
	Consumers      []string `json:"consumers"`
	Producers      []string `json:"producers"`
	ConsumersCount int      `json:"consumers_total_count"`
	ProducersCount int      `json:"producers_total_count"`
}

// listQueues finds the queue whose name is in the query.
func listQueues(c *call) (any, error) {
	list := []queueResult{}
	if name := c.query("name"); name != "" {
		list = append(list, queueResult{ID: idOf(name), Name: name, Consumers: []string{}, Producers: []string{}})
	}
	return page{list, resultInfo{1, 100, len(list), len(list)}}, nil
}

// addConsumer returns the consumer in the body. It is not kept.
func addConsumer(_ *call, consumer map[string]json.RawMessage) (any, error) {
	if consumer == nil {
		return nil, errBody
	}
	return consumer, nil
}

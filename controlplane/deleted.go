package controlplane

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// deleted are the IDs of versions and deployments that a client has deleted. A history keeps them; no response has them.
type deleted struct {
	Versions    []string `json:"versions,omitempty"`
	Deployments []string `json:"deployments,omitempty"`
}

func deletedOf(s version.Snapshot) deleted {
	var d deleted
	if text, ok := s.Setting(deletedName); ok {
		json.Unmarshal([]byte(text.Reveal()), &d)
	}
	return d
}

// idSet returns a list of IDs for looking one up.
func idSet(ids []string) map[string]bool {
	all := make(map[string]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all
}

func (d deleted) keep(tx *version.Tx) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return tx.PutSetting(deletedName, binding.NewValue(string(text)))
}

// visibleVersion returns the version of that ID, unless it has been deleted.
func visibleVersion(s version.Snapshot, id string) (version.Version, error) {
	v, ok := s.Version(id)
	if !ok || slices.Contains(deletedOf(s).Versions, id) {
		return version.Version{}, &version.Error{Worker: s.Worker(), Version: id, Err: version.ErrNoVersion}
	}
	return v, nil
}

// visibleDeployment returns the deployment of that ID, unless it has been deleted.
func visibleDeployment(s version.Snapshot, id string) (version.Deployment, bool) {
	d, ok := s.Deployment(id)
	return d, ok && !slices.Contains(deletedOf(s).Deployments, id)
}

// deleteDeployment deletes any deployment but the current one.
func deleteDeployment(c *call) (any, error) {
	return nil, c.update(func(tx *version.Tx) error {
		d, ok := visibleDeployment(tx.Snapshot(), c.params["deployment"])
		if !ok {
			return refuse(http.StatusNotFound, 10007, "This deployment does not exist.")
		}
		if current, _ := tx.Current(); current.ID() == d.ID() {
			return invalid("The latest deployment, which serves traffic, can't be deleted.")
		}
		gone := deletedOf(tx.Snapshot())
		gone.Deployments = append(gone.Deployments, d.ID())
		return gone.keep(tx)
	})
}

// deleteVersion deletes a version, but not the latest one, from which the next is made, nor any that a deployment has.
func deleteVersion(c *call) (any, error) {
	return nil, c.update(func(tx *version.Tx) error {
		s := tx.Snapshot()
		v, err := namedVersion(s, c.params["version"])
		if err != nil {
			return err
		}
		if latest, _ := s.Latest(); latest.ID() == v.ID() || isDeployed(s, v) {
			return invalid("A version can't be deleted while it is the latest one or a deployment has it.")
		}
		gone := deletedOf(s)
		gone.Versions = append(gone.Versions, v.ID())
		return gone.keep(tx)
	})
}

// isDeployed reports whether any deployment that is not deleted has v.
func isDeployed(s version.Snapshot, v version.Version) bool {
	gone := idSet(deletedOf(s).Deployments)
	for d := range s.Deployments() {
		if _, ok := d.Version(v.ID()); ok && !gone[d.ID()] {
			return true
		}
	}
	return false
}

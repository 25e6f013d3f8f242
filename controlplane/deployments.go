package controlplane

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// listed is how many deployments the API lists.
const listed = 10

// deploymentsObject is a list of deployments.
type deploymentsObject []deploymentObject

func (o deploymentsObject) appendJSON(b []byte) []byte {
	return append(appendList(append(b, `{"deployments":`...), o), '}')
}

// listDeployments lists the newest deployments, the current one first.
func listDeployments(c *call) (deploymentsObject, error) {
	s, err := c.snapshot()
	if err != nil {
		return nil, err
	}
	gone := idSet(deletedOf(s).Deployments)
	kept := func(yield func(version.Deployment) bool) {
		for d := range s.Deployments() {
			if !gone[d.ID()] && !yield(d) {
				return
			}
		}
	}
	return newest(kept, listed, showDeployment), nil
}

func getDeployment(c *call) (deploymentObject, error) {
	s, err := c.snapshot()
	if err != nil {
		return deploymentObject{}, err
	}
	d, ok := visibleDeployment(s, c.params["deployment"])
	if !ok {
		return deploymentObject{}, refuse(http.StatusNotFound, 10336, "This deployment does not exist.")
	}
	return showDeployment(d), nil
}

type deploymentBody struct {
	Strategy string
	Versions []struct {
		ID         string      `json:"version_id"`
		Percentage json.Number `json:"percentage"`
	}
	Annotations annotations
}

func (b deploymentBody) splits() ([]version.Split, error) {
	if b.Strategy != "percentage" {
		return nil, invalid("The strategy of a deployment is percentage.")
	}
	var splits []version.Split
	for _, v := range b.Versions {
		share, err := version.ParseShare(v.Percentage.String())
		if err != nil {
			return nil, invalid("A percentage is 0, or a number from 0.01 to 100 with at most three decimals.")
		}
		splits = append(splits, version.Split{Version: v.ID, Share: share})
	}
	return splits, nil
}

// createDeployment divides the requests among one or two versions. With force=true in the query it also goes back to a version whose
// secrets are not those of today.
func createDeployment(c *call, b deploymentBody) (deploymentObject, error) {
	splits, err := b.splits()
	if err != nil {
		return deploymentObject{}, err
	}
	var made version.Deployment
	err = c.update(func(tx *version.Tx) error {
		for _, split := range splits {
			if slices.Contains(deletedOf(tx.Snapshot()).Versions, split.Version) {
				return &version.Error{Worker: c.script(), Version: split.Version, Err: version.ErrNoVersion}
			}
		}
		made, err = tx.Deploy(version.Deploy{Splits: splits, Force: c.r.URL.Query().Get("force") == "true", Meta: c.meta(b.Annotations)})
		return err
	})
	if err != nil {
		return deploymentObject{}, err
	}
	return showDeployment(made), nil
}

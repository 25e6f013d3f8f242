package controlplane

import (
	"encoding/json"
	"maps"

	"github.com/workerenv/workerenv/version"
)

// deploymentResult is a deployment as the API shows it.
type deploymentResult struct {
	ID          string            `json:"id"`
	Source      string            `json:"source"`
	Strategy    string            `json:"strategy"`
	AuthorEmail string            `json:"author_email"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Versions    []deployedVersion `json:"versions"`
	CreatedOn   timestamp         `json:"created_on"`
}

type deployedVersion struct {
	ID         string      `json:"version_id"`
	Percentage json.Number `json:"percentage"`
}

func showDeployment(d version.Deployment) deploymentResult {
	result := deploymentResult{
		ID:          d.ID(),
		Source:      d.Source(),
		Strategy:    "percentage",
		AuthorEmail: d.Author().Email,
		Annotations: maps.Collect(d.Annotations()),
		Versions:    []deployedVersion{},
		CreatedOn:   timestamp(d.Created()),
	}
	for v, share := range d.All() {
		result.Versions = append(result.Versions, deployedVersion{v.ID(), json.Number(share.String())})
	}
	return result
}

type deploymentsResult struct {
	Deployments []deploymentResult `json:"deployments"`
}

// maxDeployments is how many deployments the API lists.
const maxDeployments = 10

// listDeployments lists the newest deployments, the current one first.
func listDeployments(c *call, s version.Snapshot) (any, error) {
	list := make([]deploymentResult, 0, maxDeployments)
	for d := range notDeleted(s, s.Deployments()) {
		if len(list) == maxDeployments {
			break
		}
		list = append(list, showDeployment(d))
	}
	return deploymentsResult{list}, nil
}

// findDeployment returns the deployment with an ID, unless it has been deleted.
func findDeployment(s version.Snapshot, id string) (version.Deployment, bool) {
	d, ok := s.Deployment(id)
	return d, ok && !deletedIn(s)[id]
}

func getDeployment(c *call, s version.Snapshot) (any, error) {
	d, ok := findDeployment(s, c.r.PathValue("deployment"))
	if !ok {
		return nil, refuse(404, 10336, "This deployment does not exist.")
	}
	return showDeployment(d), nil
}

type deploymentBody struct {
	Strategy    string
	Versions    []deployedVersion
	Annotations annotations

	_ struct{} `accepts:"author_email code_update_strategy created_on id source"`
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

// createDeployment splits the traffic between one or two versions. A version whose secrets have
// changed since needs force=true in the query.
func createDeployment(c *call, b deploymentBody) (any, error) {
	splits, err := b.splits()
	if err != nil {
		return nil, err
	}
	made, err := updateTo(c, func(tx *version.Tx) (version.Deployment, error) {
		deleted := deletedIn(tx.Snapshot())
		for _, split := range splits {
			if deleted[split.Version] {
				err := &version.Error{Worker: c.script(), Version: split.Version, Err: version.ErrNoVersion}
				return version.Deployment{}, err
			}
		}
		return tx.Deploy(version.Deploy{Splits: splits, Force: c.query("force") == "true", Meta: c.meta(b.Annotations)})
	})
	return showDeployment(made), err
}

// deleteDeployment deletes a deployment that is not the current one.
func deleteDeployment(c *call) (any, error) {
	return nil, c.update(func(tx *version.Tx) error {
		s := tx.Snapshot()
		d, ok := findDeployment(s, c.r.PathValue("deployment"))
		if !ok {
			return refuse(404, 10007, "This deployment does not exist.")
		}
		if current, _ := tx.Current(); current.ID() == d.ID() {
			return invalid("The latest deployment, which serves traffic, can't be deleted.")
		}
		return markDeleted(tx, d.ID())
	})
}

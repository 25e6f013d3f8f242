package controlplane

import (
	"iter"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// versionResult is a version as the API shows it, without the values of secrets.
type versionResult struct {
	ID            string            `json:"id"`
	Number        int               `json:"number"`
	Metadata      versionMetadata   `json:"metadata"`
	Annotations   map[string]string `json:"annotations,omitempty"`
	Resources     versionResources  `json:"resources"`
	StartupTimeMS int               `json:"startup_time_ms"`
}

type versionMetadata struct {
	CreatedOn   timestamp `json:"created_on"`
	ModifiedOn  timestamp `json:"modified_on"`
	Source      string    `json:"source"`
	AuthorID    string    `json:"author_id"`
	AuthorEmail string    `json:"author_email"`
	HasPreview  bool      `json:"has_preview"` // which wrangler reads
	HasPreview2 bool      `json:"hasPreview"`  // which Cloudflare's OpenAPI description has
}

type versionResources struct {
	Bindings []any         `json:"bindings"`
	Script   versionScript `json:"script"`
	Runtime  runtime       `json:"script_runtime"`
}

type versionScript struct {
	Etag             string   `json:"etag"`
	Handlers         []string `json:"handlers"`
	LastDeployedFrom string   `json:"last_deployed_from"`

	Placement     rawMember `json:"placement,omitempty"`
	PlacementMode string    `json:"placement_mode,omitempty"`
}

func showVersion(v version.Version) versionResult {
	code, created := v.Code(), timestamp(v.Created())
	kept := metadataOf(code)
	return versionResult{
		ID:     v.ID(),
		Number: v.Number(),
		Metadata: versionMetadata{
			CreatedOn: created, ModifiedOn: created, Source: v.Source(),
			AuthorID: v.Author().ID, AuthorEmail: v.Author().Email,
		},
		Annotations: maps.Collect(v.Annotations()),
		Resources: versionResources{
			Bindings: showBindings(v.Bindings()),
			Script:   versionScript{etag(code), handlers, v.Source(), kept.Placement, kept.placementMode()},
			Runtime:  kept.runtime,
		},
		StartupTimeMS: startupTimeMS,
	}
}

type versionsResult struct {
	Items any `json:"items"`
}

// listVersions lists versions, the newest first: with deployable=true the 100 that can be deployed,
// else a page.
func listVersions(c *call, s version.Snapshot) (any, error) {
	if c.query("deployable") == "true" {
		list := []versionResult{}
		for v := range notDeleted(s, s.Deployable()) {
			list = append(list, showVersion(v))
		}
		return versionsResult{list}, nil
	}
	p, err := pageOfVersions(c, s, showVersion)
	p.result = versionsResult{p.result}
	return p, err
}

// pageOfVersions shows the page of versions that the query asks for, the newest first.
func pageOfVersions[T any](c *call, s version.Snapshot, show func(version.Version) T) (page, error) {
	list := slices.Collect(notDeleted(s, s.Versions()))
	return pageOf(c, list, func(v version.Version) (T, error) { return show(v), nil })
}

func getVersion(c *call, s version.Snapshot) (any, error) {
	v, err := findVersion(s, c.r.PathValue("version"))
	return showVersion(v), err
}

// uploadVersion makes a version of a Worker that exists, without deploying it.
func uploadVersion(c *call) (any, error) {
	v, err := c.upload(c.readForm, false)
	return showVersion(v), err
}

// deletedIn returns the IDs of the versions and deployments that a client deleted. A history keeps them
// until it is compacted; answers do not.
func deletedIn(s version.Snapshot) map[string]bool {
	deleted := make(map[string]bool)
	readSetting(s, deletedName, &deleted)
	var earlier struct{ Versions, Deployments map[string]bool } // what programs before release 0.1.0 stored
	readSetting(s, deletedName, &earlier)
	maps.Copy(deleted, earlier.Versions)
	maps.Copy(deleted, earlier.Deployments)
	return deleted
}

// markDeleted deletes a version or a deployment. It forgets those that are in the history no more.
func markDeleted(tx *version.Tx, id string) error {
	s := tx.Snapshot()
	deleted := deletedIn(s)
	maps.DeleteFunc(deleted, func(id string, _ bool) bool {
		_, isVersion := s.Version(id)
		_, isDeployment := s.Deployment(id)
		return !isVersion && !isDeployment
	})
	deleted[id] = true
	return putSetting(tx, deletedName, deleted)
}

// notDeleted returns the versions or deployments in all that have not been deleted.
func notDeleted[T interface{ ID() string }](s version.Snapshot, all iter.Seq[T]) iter.Seq[T] {
	deleted := deletedIn(s)
	return func(yield func(T) bool) {
		for v := range all {
			if !deleted[v.ID()] && !yield(v) {
				return
			}
		}
	}
}

// findVersion returns the version with an ID, unless it has been deleted.
func findVersion(s version.Snapshot, id string) (version.Version, error) {
	v, ok := s.Version(id)
	if !ok || deletedIn(s)[id] {
		return version.Version{}, &version.Error{Worker: s.Worker(), Version: id, Err: version.ErrNoVersion}
	}
	return v, nil
}

// latestVersion returns the latest version, deployed or not.
func latestVersion(s version.Snapshot) (version.Version, error) {
	v, ok := s.Latest()
	if !ok {
		return v, &version.Error{Worker: s.Worker(), Err: version.ErrNoVersions}
	}
	return v, nil
}

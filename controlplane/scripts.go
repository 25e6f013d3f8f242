package controlplane

import (
	"errors"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// serviceObject is a Worker as older parts of the API see it, with environments.
type serviceObject struct {
	ID                 string             `json:"id"`
	CreatedOn          timestamp          `json:"created_on"`
	DefaultEnvironment serviceEnvironment `json:"default_environment"`
}

type serviceEnvironment struct {
	Environment string        `json:"environment"`
	Script      serviceScript `json:"script"`
}

type serviceScript struct {
	ID               string   `json:"id"`
	Tag              string   `json:"tag"`
	Tags             []string `json:"tags"`
	LastDeployedFrom string   `json:"last_deployed_from,omitempty"`
	MigrationTag     string   `json:"migration_tag,omitempty"`
}

// getService answers what wrangler asks first of all. Its error for a Worker that is not there differs from that of all
// other routes.
func getService(c *call) (serviceObject, error) {
	w, err := c.account.Worker(c.ctx(), c.script())
	if errors.Is(err, version.ErrNotFound) {
		err = errNoService
	}
	if err != nil {
		return serviceObject{}, err
	}
	s, err := c.snapshot()
	if err != nil {
		return serviceObject{}, err
	}
	latest, _ := s.Latest()
	migration, _ := s.Setting(migrationTagName)
	script := serviceScript{w.Name, w.ID, settingsOf(s).Tags, latest.Source(), migration.Reveal()}
	return serviceObject{ID: w.Name, CreatedOn: timestamp(w.Created), DefaultEnvironment: serviceEnvironment{"production", script}}, nil
}

// deleteWorker deletes a Worker, also one that others refer to if the query has force=true.
func deleteWorker(c *call) (any, error) {
	c.complete()
	return nil, c.account.Delete(c.ctx(), c.script(), c.r.URL.Query().Get("force") == "true")
}

// uploadObject is the answer to an upload that is deployed at once.
type uploadObject struct {
	ID               string    `json:"id"`
	Tag              string    `json:"tag"`
	Etag             string    `json:"etag"`
	Handlers         []string  `json:"handlers"`
	CreatedOn        timestamp `json:"created_on"`
	ModifiedOn       timestamp `json:"modified_on"`
	LastDeployedFrom string    `json:"last_deployed_from"`
	EntryPoint       string    `json:"entry_point"`
	HasModules       bool      `json:"has_modules"`
	UsageModel       string    `json:"usage_model"`
	DeploymentID     string    `json:"deployment_id"`
	StartupTimeMS    int       `json:"startup_time_ms"`
}

// putScript makes a version and deploys it, and makes the Worker if there is none.
func putScript(c *call) (uploadObject, error) {
	f, err := c.form()
	if err != nil {
		return uploadObject{}, err
	}
	var v version.Version
	err = c.changeOrCreate(f.contents, func(tx *version.Tx) error {
		if v, err = tx.UploadAndDeploy(f.on(tx)); err != nil || f.migration == "" {
			return err
		}
		return tx.PutSetting(migrationTagName, binding.NewValue(f.migration))
	})
	if err != nil {
		return uploadObject{}, err
	}
	w, err := c.account.Worker(c.ctx(), c.script())
	return showUpload(w, v), err
}

func showUpload(w version.Worker, v version.Version) uploadObject {
	code := v.Code()
	return uploadObject{
		ID: w.Name, Tag: w.ID, Etag: etag(code), Handlers: handlers, CreatedOn: timestamp(w.Created), ModifiedOn: timestamp(v.Created()),
		LastDeployedFrom: v.Source(), EntryPoint: code.MainModule + code.BodyPart, HasModules: code.MainModule != "", UsageModel: "standard",
		DeploymentID: deploymentID(v), StartupTimeMS: startupTimeMS,
	}
}

// changeOrCreate changes the Worker that the path speaks of, or makes it with that change, once contents are kept. What is refused makes
// no Worker.
func (c *call) changeOrCreate(contents map[string]string, change func(*version.Tx) error) error {
	_, err := c.history()
	absent := errors.Is(err, version.ErrNotFound)
	if err != nil && !absent {
		return err
	}
	if absent && !isScriptName(c.script()) {
		return errScriptName
	}
	c.complete()
	if err := c.keep(c.ctx(), contents); err != nil {
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

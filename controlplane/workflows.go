package controlplane

import (
	"net/http"

	"github.com/workerenv/workerenv/version"
)

// workflow is which class of which Worker a workflow runs. Nothing runs here.
type workflow struct {
	Worker string `json:"worker"` // its ID
	Class  string `json:"class"`
}

// workflowObject is a workflow as the API shows it.
type workflowObject struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ScriptName string `json:"script_name"`
	ClassName  string `json:"class_name"`
}

func getWorkflow(c *call) (workflowObject, error) {
	t, names, err := c.triggers()
	if err != nil {
		return workflowObject{}, err
	}
	name := c.params["workflow"]
	w, ok := t.Workflows[name]
	if !ok || names[w.Worker] == "" {
		return workflowObject{}, refuse(http.StatusNotFound, 10200, "workflow.not_found")
	}
	return workflowObject{idOf(name), name, names[w.Worker], w.Class}, nil
}

type workflowBody struct {
	ScriptName string `json:"script_name"`
	ClassName  string `json:"class_name"`
}

// putWorkflow makes a workflow, or takes it over from another Worker, as wrangler does after a warning.
func putWorkflow(c *call, b workflowBody) (workflowObject, error) {
	if b.ClassName == "" {
		return workflowObject{}, errBody
	}
	w, err := c.account.Worker(c.ctx(), b.ScriptName)
	if err != nil {
		return workflowObject{}, err
	}
	name := c.params["workflow"]
	_, err = c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		t := triggersOf(tx.Snapshot())
		t.Workflows[name] = workflow{w.ID, b.ClassName}
		return t.keep(tx)
	})
	return workflowObject{idOf(name), name, w.Name, b.ClassName}, err
}

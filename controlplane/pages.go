package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// The environments of a Pages project. There are no others.
const (
	Production = "production"
	Preview    = "preview"
)

// The causes of errors of [Pages]. Test for them with errors.Is.
var (
	// ErrNoProject means that the account has no project of that name.
	ErrNoProject = errors.New("pages project does not exist")
	// ErrProjectExists means that another project has the name.
	ErrProjectExists = errors.New("pages project exists already")
	// ErrProject means that a project or a var in it is invalid. The error says why.
	ErrProject = errors.New("pages project is invalid")
	// ErrNoEnvironment means that an environment is neither [Production] nor [Preview].
	ErrNoEnvironment = errors.New("pages project has no such environment")
)

// projectError says why a project is invalid. It has no value of a var or a secret in it.
type projectError struct{ project, reason string }

// Error returns the name of the project and the reason.
func (e *projectError) Error() string {
	return fmt.Sprintf("pages project %q: %s", e.project, e.reason)
}

// Unwrap returns ErrProject.
func (e *projectError) Unwrap() error { return ErrProject }

// Pages are the Pages projects of one account. The vars and secrets of a project are settings of
// its environments and belong to no version: a change holds for the next deployment. Deployments of
// Pages are not modeled.
//
// A Pages is safe for concurrent use. It comes from [Handler.Pages]; the zero Pages is invalid.
type Pages struct {
	history *version.History // a setting for each project, named after it, with its JSON object
	o       Options
}

// Projects returns the names of the projects in byte order.
func (p *Pages) Projects(ctx context.Context) ([]string, error) {
	s, err := p.history.Read(ctx)
	return s.Settings(), err
}

// Create makes a project without vars and secrets, whose production branch is main. It fails with
// ErrProjectExists if the name is taken, and with ErrProject if it is invalid.
func (p *Pages) Create(ctx context.Context, name string) error {
	_, err := p.create(ctx, project{"name": name, "production_branch": "main"})
	return err
}

// Bindings returns the vars and secrets of an environment, [Production] or [Preview]. All of them
// are texts. It fails with ErrNoProject or ErrNoEnvironment.
func (p *Pages) Bindings(ctx context.Context, name, environment string) (binding.Set, error) {
	if environment != Production && environment != Preview {
		return binding.Set{}, fmt.Errorf("pages project %q: environment %q: %w", name, environment, ErrNoEnvironment)
	}
	found, err := p.read(ctx, name)
	if err != nil {
		return binding.Set{}, err
	}
	return found.bindings(environment)
}

// Env returns what the code of a deployment to an environment would see, if it were deployed now.
// It fails as Bindings does.
func (p *Pages) Env(ctx context.Context, name, environment string) (binding.Env, error) {
	set, err := p.Bindings(ctx, name, environment)
	if err != nil {
		return binding.Env{}, err
	}
	return set.Env()
}

// Put sets vars and secrets of an environment, replacing those with the same names. Of two bindings
// with one name, the last counts. It fails with ErrNoProject, with ErrNoEnvironment, with a
// [*binding.LimitError], and with ErrProject for bindings that are neither plain_text nor
// secret_text.
func (p *Pages) Put(ctx context.Context, name, environment string, bindings ...binding.Binding) error {
	vars := make(map[string]any, len(bindings))
	for _, b := range bindings {
		value, _ := b.Value()
		vars[b.Name()] = map[string]any{"type": string(b.Kind()), "value": value.Reveal()}
	}
	configs := map[string]any{environment: map[string]any{"env_vars": vars}}
	_, err := p.patch(ctx, name, project{"deployment_configs": configs})
	return err
}

func (p *Pages) read(ctx context.Context, name string) (project, error) {
	s, err := p.history.Read(ctx)
	if err != nil {
		return nil, err
	}
	return findProject(s, name)
}

func findProject(s version.Snapshot, name string) (project, error) {
	text, ok := s.Setting(name)
	if !ok {
		return nil, fmt.Errorf("pages project %q: %w", name, ErrNoProject)
	}
	var found project
	if json.Unmarshal([]byte(text.Reveal()), &found) != nil {
		return nil, fmt.Errorf("pages project %q: %w", name, version.ErrCorrupt)
	}
	return found, nil
}

// create makes a project from the members that a request gives.
func (p *Pages) create(ctx context.Context, given project) (project, error) {
	made := project{}.patched(given)
	made["id"], made["created_on"] = p.o.NewID(), timestamp(p.o.Now()).String()
	if err := made.check(p.o.Limits); err != nil {
		return nil, err
	}
	_, err := p.history.Update(ctx, func(tx *version.Tx) error { return made.store(tx, "") })
	return made, err
}

// patch applies a merge patch to a project.
func (p *Pages) patch(ctx context.Context, name string, changes project) (made project, err error) {
	_, err = p.history.Update(ctx, func(tx *version.Tx) error {
		old, err := findProject(tx.Snapshot(), name)
		if err != nil {
			return err
		}
		made = old.patched(changes)
		if err := made.check(p.o.Limits); err != nil {
			return err
		}
		return made.store(tx, name)
	})
	return made, err
}

// store stores p in the place of the project with the name old, which is "" for a new project.
func (p project) store(tx *version.Tx, old string) error {
	if p.name() != old {
		if _, ok := tx.Snapshot().Setting(p.name()); ok {
			return fmt.Errorf("pages project %q: %w", p.name(), ErrProjectExists)
		}
		if old != "" {
			if err := tx.PutSetting(old, binding.Value{}); err != nil {
				return err
			}
		}
	}
	return putSetting(tx, p.name(), p)
}

// remove deletes a project.
func (p *Pages) remove(ctx context.Context, name string) error {
	_, err := p.history.Update(ctx, func(tx *version.Tx) error {
		if _, err := findProject(tx.Snapshot(), name); err != nil {
			return err
		}
		return tx.PutSetting(name, binding.Value{})
	})
	return err
}

// listProjects lists a page of the account's projects by name.
func listProjects(c *call) (any, error) {
	s, err := c.account.pages.history.Read(c.ctx())
	if err != nil {
		return nil, err
	}
	return pageOf(c, s.Settings(), func(name string) (project, error) {
		found, err := findProject(s, name)
		return found.shown(), err
	})
}

func getProject(c *call) (any, error) {
	found, err := c.account.pages.read(c.ctx(), c.r.PathValue("project"))
	return found.shown(), err
}

func createProject(c *call, given project) (any, error) {
	made, err := c.account.pages.create(c.ctx(), given)
	return made.shown(), err
}

// patchProject also serves "wrangler pages secret put" and "delete".
func patchProject(c *call, changes project) (any, error) {
	made, err := c.account.pages.patch(c.ctx(), c.r.PathValue("project"), changes)
	return made.shown(), err
}

func deleteProject(c *call) (any, error) {
	return nil, c.account.pages.remove(c.ctx(), c.r.PathValue("project"))
}

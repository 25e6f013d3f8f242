package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// The environments of a Pages project. There are no others, as in wrangler 4.164.0.
const (
	Production = "production"
	Preview    = "preview"
)

// The causes that errors of [Pages] have. Test for them with errors.Is.
var (
	// ErrNoProject means that the account has no project of that name.
	ErrNoProject = errors.New("pages project does not exist")
	// ErrProjectExists means that the name of a project that is to be is taken.
	ErrProjectExists = errors.New("pages project exists already")
	// ErrProject means that a project would have a name, or a var, that none can have; the error tells which.
	ErrProject = errors.New("pages project can't be like this")
	// ErrNoEnvironment means that an environment is neither [Production] nor [Preview].
	ErrNoEnvironment = errors.New("pages project has no such environment")
)

// Pages is the Pages projects of one account, by name. Their vars and secrets are not in versions: they are settings of the project, one
// set for each environment, and what they are now holds for the next deployment. Deployments of Pages are not modelled.
//
// A Pages is safe for concurrent use. It comes from [Handler.Pages]; the zero Pages is invalid.
type Pages struct {
	history *version.History // of settings, in each of which there is the JSON object of the project that it is named after
	o       Options
}

// Projects lists the names of the projects in byte order.
func (p *Pages) Projects(ctx context.Context) ([]string, error) {
	s, err := p.history.Read(ctx)
	return s.Settings(), err
}

// Create makes a project with nothing in it, whose production branch is main. It fails with ErrProjectExists if the name is taken, and
// with ErrProject if no project can have it.
func (p *Pages) Create(ctx context.Context, name string) error {
	_, err := p.create(ctx, project{"name": name, "production_branch": "main"})
	return err
}

// Bindings returns the vars and secrets of an environment, [Production] or [Preview]. Pages has them as texts only. It fails with
// ErrNoProject or ErrNoEnvironment.
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

// Env returns what the code of a deployment to that environment would see, if it were deployed now. It fails as Bindings does.
func (p *Pages) Env(ctx context.Context, name, environment string) (binding.Env, error) {
	set, err := p.Bindings(ctx, name, environment)
	if err != nil {
		return binding.Env{}, err
	}
	return set.Env()
}

// Put adds vars and secrets to an environment, each in the place of what has its name; of two with one name, the last. It fails with ErrNoProject, with
// ErrNoEnvironment, with a [*binding.LimitError], and with ErrProject for bindings that are neither plain_text nor secret_text.
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

// read returns the project of that name.
func (p *Pages) read(ctx context.Context, name string) (project, error) {
	s, err := p.history.Read(ctx)
	if err != nil {
		return nil, err
	}
	return projectOf(s, name)
}

func projectOf(s version.Snapshot, name string) (project, error) {
	text, ok := s.Setting(name)
	if !ok {
		return nil, fmt.Errorf("pages project %q: %w", name, ErrNoProject)
	}
	found, ok := decoded([]byte(text.Reveal())).(map[string]any)
	if !ok {
		return nil, fmt.Errorf("pages project %q: %w", name, version.ErrCorrupt)
	}
	return found, nil
}

// create makes a project of what is given.
func (p *Pages) create(ctx context.Context, given project) (project, error) {
	made := project{}.patched(given.writable())
	made["id"], made["created_on"] = p.o.newID(), timestamp(p.o.now()).text()
	if err := made.check(p.o.limits()); err != nil {
		return nil, err
	}
	_, err := p.history.Update(ctx, func(tx *version.Tx) error {
		if _, ok := tx.Snapshot().Setting(made.name()); ok {
			return fmt.Errorf("pages project %q: %w", made.name(), ErrProjectExists)
		}
		return made.keep(tx)
	})
	return made, err
}

// patch applies a merge patch to a project.
func (p *Pages) patch(ctx context.Context, name string, changes project) (project, error) {
	var made project
	_, err := p.history.Update(ctx, func(tx *version.Tx) error {
		old, err := projectOf(tx.Snapshot(), name)
		if err != nil {
			return err
		}
		made = old.patched(changes.writable())
		if err := made.check(p.o.limits()); err != nil {
			return err
		}
		return made.replace(tx, name)
	})
	return made, err
}

// replace keeps a project in the place of the one that has had the name old.
func (p project) replace(tx *version.Tx, old string) error {
	if p.name() != old {
		if _, ok := tx.Snapshot().Setting(p.name()); ok {
			return fmt.Errorf("pages project %q: %w", p.name(), ErrProjectExists)
		}
		if err := tx.PutSetting(old, binding.Value{}); err != nil {
			return err
		}
	}
	return p.keep(tx)
}

func (p project) keep(tx *version.Tx) error {
	text, err := json.Marshal(p)
	if err != nil {
		return p.bad("it is not valid JSON")
	}
	return tx.PutSetting(p.name(), binding.NewValue(string(text)))
}

// remove takes a project away.
func (p *Pages) remove(ctx context.Context, name string) error {
	_, err := p.history.Update(ctx, func(tx *version.Tx) error {
		if _, err := projectOf(tx.Snapshot(), name); err != nil {
			return err
		}
		return tx.PutSetting(name, binding.Value{})
	})
	return err
}

package controlplane

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// failure is an error as the API answers it.
type failure struct {
	status int
	errors []apiError
	level  slog.Level
	header http.Header // of the answer, besides Content-Type
}

// Error returns the codes and the messages.
func (f *failure) Error() string {
	var texts []string
	for _, e := range f.errors {
		texts = append(texts, fmt.Sprintf("%d: %s", e.Code, e.Message))
	}
	return strings.Join(texts, "; ")
}

func refuse(status, code int, message string) *failure {
	return &failure{status: status, errors: []apiError{{code, message}}}
}

// invalid refuses an upload, or bindings in it, with the code that the API has for a script that
// does not work.
func invalid(message string) *failure { return refuse(http.StatusBadRequest, 10021, message) }

var (
	errNoCredentials  = refuse(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
	errAuthentication = refuse(403, 10000, "Authentication error")
	errNoService      = refuse(404, 10090,
		"This service does not exist on your account. [workers.api.error.service_not_found]")
	errBody       = refuse(400, 10004, "The request body is not what this route expects.")
	errTooLarge   = refuse(413, 10027, "The request body is too large.")
	errScriptName = refuse(400, 10016, "Script name is invalid: "+
		"it has lower-case letters, digits, underscores and hyphens only, and at most 255 of them.")
	errEnvironment = notModeled("environments of Workers other than production")
	errCanceled    = refuse(499, 10013, "The client has closed the connection.")
	errUnknown     = &failure{500, []apiError{{10013,
		"An unknown error has occurred. If this error persists, please report it."}}, slog.LevelError, nil}
)

func errNoRoute(r *http.Request) *failure {
	f := refuse(404, 7003,
		"Could not route to "+r.URL.EscapedPath()+", perhaps your object identifier is invalid?")
	f.level = slog.LevelWarn
	return f
}

// errMethod is the answer for a route that exists with other methods.
func errMethod(methods []string) *failure {
	slices.Sort(methods)
	f := refuse(405, 10405, "Method not allowed for this authentication scheme")
	f.header = http.Header{"Allow": {strings.Join(methods, ", ")}}
	f.level = slog.LevelWarn
	return f
}

// refusals are the answers to errors of packages binding and version and of [Pages]. In the
// message, {version} and {binding} stand for what the error is about.
var refusals = []struct {
	cause   error
	status  int
	code    int
	message string
}{
	{version.ErrNotFound, 404, 10007, "This Worker does not exist on your account."},
	{version.ErrExists, 409, 10040, "A Worker of this name exists already."},
	{version.ErrReferenced, 400, 10064, "Worker is still in use: other Workers on your account are bound to it."},
	{version.ErrNoVersions, 404, 10222,
		"This Worker has no versions, which means this Worker has no content or versioned settings."},
	{version.ErrNoVersion, 404, 100146,
		"The requested Worker version could not be found, please check the ID being passed and try again."},
	{version.ErrNotDeployable, 400, 10021,
		"Version {version} is not among the 100 most recent versions and can't be deployed."},
	{version.ErrShares, 400, 10021, "A deployment has one or two different versions whose percentages sum to 100."},
	{version.ErrNameInUse, 400, 10053, nameInUse},
	{version.ErrNoSecret, 404, 10056, "Binding '{binding}' not found."},
	{version.ErrNamedTwice, 400, 10021, "Binding '{binding}' is both to be set and to be removed."},
	{binding.ErrDuplicate, 400, 10053, nameInUse},
	{binding.ErrJSON, 400, 10021, "Binding '{binding}' is not valid JSON."},
	{binding.ErrAttributes, 400, 10021, "Binding '{binding}' has attributes that are not valid."},
	{binding.ErrKind, 400, 10021, "Binding '{binding}' has no valid type."},
	{ErrNoProject, 404, 8000007,
		"Project not found. The specified project name does not match any of your existing projects."},
	{ErrProjectExists, 409, 8000002, "A project with this name already exists. Choose a different project name."},
	{ErrNoEnvironment, 400, 8000000, "A Pages project has the environments production and preview."},
}

const (
	nameInUse  = "Binding name '{binding}' already in use. Please use a different name and try again."
	secretEdit = "Secret edit failed. You attempted to modify a secret, " +
		"but the latest version of your Worker isn't currently deployed. " +
		"Please ensure that the latest version of your Worker is fully deployed before modifying secrets."
	settingsEdit = "Script edit failed. You attempted to deploy the latest version with modified settings, " +
		"but the latest version isn't currently deployed. " +
		"Please ensure that the latest version of your Worker is fully deployed before modifying its settings."
)

// failureOf returns the answer to err.
func failureOf(err error) *failure {
	if f := refusalOf(err); f != nil {
		return f
	}
	if errors.Is(err, context.Canceled) {
		return errCanceled
	}
	return errUnknown
}

// refusalOf returns the answer to an error that the request caused, nil for any other error. An
// answer to several errors has the status of the first.
func refusalOf(err error) *failure {
	for _, r := range refusals {
		if err == r.cause {
			return refuse(r.status, r.code, r.message)
		}
	}
	switch e := err.(type) {
	case *failure:
		return e
	case *http.MaxBytesError:
		return errTooLarge
	case *version.NotDeployedError:
		return refuse(400, 10215, secretEdit)
	case *version.SecretsChangedError:
		return refuse(400, 10220, "A secret has changed since this version was active. "+
			"The following secrets have changed: "+strings.Join(e.Names, ", "))
	case *projectError:
		return refuse(400, 8000000, "The project can't be like this: "+e.reason+".")
	case *binding.InheritError:
		return inheritFailure(e)
	case *binding.LimitError:
		return limitFailure(e)
	case *binding.EntryError:
		return refusalOf(e.Err).about("{binding}", e.Name)
	case *version.Error:
		return refusalOf(e.Err).about("{version}", e.Version, "{binding}", e.Binding)
	case interface{ Unwrap() error }:
		return refusalOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		return refusalOfAll(e.Unwrap())
	}
	return nil
}

func refusalOfAll(list []error) *failure {
	var all *failure
	for _, err := range list {
		f := refusalOf(err)
		switch {
		case f == nil:
			return nil
		case all == nil:
			all = &failure{status: f.status, errors: slices.Clone(f.errors)}
		default:
			all.errors = append(all.errors, f.errors...)
		}
	}
	return all
}

// about returns f with the old texts in its messages replaced, as strings.NewReplacer does.
func (f *failure) about(oldnew ...string) *failure {
	if f == nil {
		return nil
	}
	replacer := strings.NewReplacer(oldnew...)
	g := &failure{status: f.status, level: f.level}
	for _, e := range f.errors {
		g.errors = append(g.errors, apiError{e.Code, replacer.Replace(e.Message)})
	}
	return g
}

// inheritFailure has one error for each binding, in the words that wrangler looks for.
func inheritFailure(e *binding.InheritError) *failure {
	f := &failure{status: http.StatusBadRequest}
	for _, b := range e.Missing {
		name, _ := b.Origin()
		f.errors = append(f.errors, apiError{10057, fmt.Sprintf(
			"inherit binding '%s' is invalid: previous version does not have binding named '%s'", b.Name(), name)})
	}
	return f
}

func limitFailure(e *binding.LimitError) *failure {
	f := &failure{status: http.StatusBadRequest}
	for _, name := range e.TooLarge {
		f.errors = append(f.errors, apiError{10054, fmt.Sprintf(
			"Text binding '%s' is too large: the limit is %d bytes.", name, e.Limits.ValueBytes)})
	}
	if e.Bindings > 0 {
		f.errors = append(f.errors, apiError{10055, fmt.Sprintf(
			"There are %d text bindings: the limit is %d.", e.Bindings, e.Limits.Bindings)})
	}
	return f
}

// settingsFailure returns err, with the code of the routes that edit settings where the latest
// version is not deployed.
func settingsFailure(err error) error {
	if _, ok := errors.AsType[*version.NotDeployedError](err); ok {
		return refuse(400, 10214, settingsEdit)
	}
	return err
}

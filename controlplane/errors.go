package controlplane

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// failure is why a request is refused, in the API's words.
type failure struct {
	status int
	errors []apiError
	level  slog.Level
}

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

// invalid refuses what a request says about its upload: the code that the API gives to scripts and bindings that it can't
// use.
func invalid(message string) *failure { return refuse(http.StatusBadRequest, 10021, message) }

var (
	errNoCredentials  = refuse(http.StatusBadRequest, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
	errAuthentication = refuse(http.StatusForbidden, 10000, "Authentication error")
	errNoService      = refuse(http.StatusNotFound, 10090, "This service does not exist on your account. [workers.api.error.service_not_found]")
	errBody           = refuse(http.StatusBadRequest, 10004, "The request body could not be read as what this route expects.")
	errTooLarge       = refuse(http.StatusRequestEntityTooLarge, 10027, "The request body is larger than what is allowed.")
	errScriptName     = refuse(http.StatusBadRequest, 10016, "Script name is invalid: it has lower-case letters, digits, underscores and hyphens only, and at most 255 of them.")
)

func noRoute(r *http.Request) *failure {
	f := refuse(http.StatusNotFound, 7003, "Could not route to "+r.URL.EscapedPath()+", perhaps your object identifier is invalid?")
	f.level = slog.LevelWarn
	return f
}

// condition is how the API tells a cause. In the text, {worker}, {version} and {binding} stand for what the error is
// about.
type condition struct {
	cause  error
	status int
	code   int
	text   string
}

// conditions are the causes that the model of versions has, in the API's words.
var conditions = []condition{
	{version.ErrNotFound, 404, 10007, "This Worker does not exist on your account."},
	{ErrNoProject, 404, 8000007, "Project not found. The specified project name does not match any of your existing projects."},
	{ErrProjectExists, 409, 8000002, "A project with this name already exists. Choose a different project name."},
	{ErrNoEnvironment, 400, 8000000, "A Pages project has the environments production and preview."},
	{version.ErrExists, 409, 10040, "A Worker of this name exists already."},
	{version.ErrNoVersions, 404, 10222, "This Worker has no versions, which means this Worker has no content or versioned settings."},
	{version.ErrNoVersion, 404, 100146, "The requested Worker version could not be found, please check the ID being passed and try again."},
	{version.ErrNotDeployable, 400, 10021, "Version {version} is not among the 100 most recent versions and can't be deployed."},
	{version.ErrShares, 400, 10021, "A deployment has one or two different versions whose percentages sum to 100."},
	{version.ErrNameInUse, 400, 10053, "Binding name '{binding}' already in use. Please use a different name and try again."},
	{binding.ErrDuplicate, 400, 10053, "Binding name '{binding}' already in use. Please use a different name and try again."},
	{version.ErrNoSecret, 404, 10056, "Binding '{binding}' not found."},
	{version.ErrNamedTwice, 400, 10021, "Binding '{binding}' is both to be set and to be removed."},
	{binding.ErrJSON, 400, 10021, "Binding '{binding}' is not valid JSON."},
	{binding.ErrAttributes, 400, 10021, "Binding '{binding}' has attributes that are not valid."},
	{binding.ErrKind, 400, 10021, "Binding '{binding}' has no valid type."},
}

const (
	secretEdit = "Secret edit failed. You attempted to modify a secret, but the latest version of your Worker isn't currently deployed. " +
		"Please ensure that the latest version of your Worker is fully deployed before modifying secrets."
	settingsEdit = "Script edit failed. You attempted to deploy the latest version with modified settings, but the latest version isn't currently " +
		"deployed. Please ensure that the latest version of your Worker is fully deployed before modifying its settings."
)

// failureOf returns what the API says for err, and how loud the log is to be about it.
func failureOf(err error) (*failure, slog.Level) {
	if f, ok := errors.AsType[*failure](err); ok {
		return f, f.level
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge, slog.LevelInfo
	}
	if f := told(err); f != nil {
		return f, slog.LevelInfo
	}
	if f := toldCondition(err); f != nil {
		return f, slog.LevelInfo
	}
	if errors.Is(err, context.Canceled) {
		return refuse(499, 10013, "The client has closed the connection."), slog.LevelInfo
	}
	return refuse(http.StatusInternalServerError, 10013, "An unknown error has occurred. If this error persists, please report it."), slog.LevelError
}

// told returns what the API says for an error of the model, nil if it has no words for it. An error of several has the
// status of the first.
func told(err error) *failure {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		return toldAll(e.Unwrap())
	case *version.NotDeployedError:
		return refuse(http.StatusBadRequest, 10215, secretEdit)
	case *version.SecretsChangedError:
		return refuse(http.StatusBadRequest, 10220, "A secret has changed since this version was active. The following secrets have changed: "+strings.Join(e.Names, ", "))
	case *version.ReferencedError:
		return refuse(http.StatusBadRequest, 10064, "Worker is still in use: other Workers on your account are bound to it.")
	case *projectError:
		return refuse(http.StatusBadRequest, 8000000, "The project can't be like this: "+e.what+".")
	case *binding.InheritError:
		return toldInherit(e)
	case *binding.LimitError:
		return toldLimits(e)
	case *binding.EntryError:
		return toldCondition(e.Err, "{binding}", e.Name)
	case *version.Error:
		if f := told(e.Err); f != nil {
			return f
		}
		return toldCondition(e.Err, "{worker}", e.Worker, "{version}", e.Version, "{binding}", e.Binding)
	}
	return nil
}

func toldAll(list []error) *failure {
	var all *failure
	for _, err := range list {
		f := told(err)
		switch {
		case f == nil:
			return nil
		case all == nil:
			all = f
		default:
			all.errors = append(all.errors, f.errors...)
		}
	}
	return all
}

func toldCondition(cause error, about ...string) *failure {
	for _, c := range conditions {
		if errors.Is(cause, c.cause) {
			return refuse(c.status, c.code, strings.NewReplacer(about...).Replace(c.text))
		}
	}
	return nil
}

// toldInherit says what wrangler looks for, an error for each binding.
func toldInherit(e *binding.InheritError) *failure {
	f := &failure{status: http.StatusBadRequest}
	for _, b := range e.Missing {
		name, id := b.Origin()
		text := fmt.Sprintf("inherit binding '%s' is invalid: previous version does not have binding named '%s'", b.Name(), name)
		if id != "latest" {
			text = fmt.Sprintf("inherit binding '%s' is invalid: version '%s' does not have binding named '%s'", b.Name(), id, name)
		}
		f.errors = append(f.errors, apiError{10057, text})
	}
	return f
}

func toldLimits(e *binding.LimitError) *failure {
	f := &failure{status: http.StatusBadRequest}
	for _, name := range e.TooLarge {
		f.errors = append(f.errors, apiError{10054, fmt.Sprintf("Text binding '%s' is too large: the limit is %d bytes.", name, e.Limits.ValueBytes)})
	}
	if e.Bindings > 0 {
		f.errors = append(f.errors, apiError{10055, fmt.Sprintf("There are %d text bindings: the limit is %d.", e.Bindings, e.Limits.Bindings)})
	}
	return f
}

package dashboard

import (
	"errors"
	"fmt"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// problem is a reason why a change can't be made.
type problem struct {
	Name   string // of the binding, "" if it is about none
	InName bool   // whether the name is wrong or missing
	Text   string
	Field  string // the ID of the field in the form, "" if it is about none
}

// problemsOf returns the parts of an error that is about a change of a binding, or of several. For
// errMoved there are none: pages show what others have changed.
func problemsOf(err error, name string) []problem {
	if errors.Is(err, errMoved) {
		return nil
	}
	switch e := err.(type) {
	case nil:
		return nil
	case *version.Error:
		if e.Binding != "" {
			name = e.Binding
		}
		return problemsOf(e.Err, name)
	case *binding.EntryError:
		return problemsOf(e.Err, e.Name)
	case *binding.LimitError:
		return limitProblems(e)
	case *version.MissingError:
		var list []problem
		for _, name := range e.Names {
			list = append(list, problem{Name: name, Text: "This name is required and missing."})
		}
		return list
	case interface{ Unwrap() []error }:
		var list []problem
		for _, part := range e.Unwrap() {
			list = append(list, problemsOf(part, name)...)
		}
		return slices.Compact(list) // two versions of a deployment can lack the same name
	}
	text, inName := textOf(err)
	return []problem{{Name: name, InName: inName, Text: text}}
}

func limitProblems(e *binding.LimitError) []problem {
	var list []problem
	if e.Bindings > 0 {
		list = append(list, problem{Text: fmt.Sprintf("%d vars and secrets are more than the limit of %d.",
			e.Bindings, e.Limits.Bindings)})
	}
	for _, name := range e.TooLarge {
		list = append(list, problem{Name: name,
			Text: fmt.Sprintf("The value is larger than %d bytes.", e.Limits.ValueBytes)})
	}
	return list
}

// textOf returns an error as a sentence for people, and whether it is about the name of a variable.
func textOf(err error) (text string, inName bool) {
	for _, known := range []struct {
		err    error
		inName bool
		text   string
	}{
		{errNoName, true, "Enter a name."},
		{errName, true, fmt.Sprintf("A name has at most %d bytes.", maxName)},
		{errNoValue, false, "Enter the value again: a secret is not shown."},
		{errTaken, true, "The version has a binding of this name already."},
		{binding.ErrDuplicate, true, "Another row has this name."},
		{binding.ErrJSON, false, "The value is not valid JSON."},
		{version.ErrNamedTwice, true, "Another row removes this name."},
		{version.ErrUnchanged, false, "Nothing would change."},
		{version.ErrNotFound, false, "There is no such Worker."},
		{version.ErrNoVersions, false, "This Worker has no versions yet. Upload one with wrangler deploy."},
		{version.ErrNoVersion, false, "There is no such version."},
		{version.ErrNotDeployable, false, "Only the newest 100 versions can be deployed."},
		{version.ErrShares, false, "Choose two different versions, and shares that sum to 100 %."},
		{version.ErrShare, false, "A share is between 0.01 and 100, or 0, with at most three decimals."},
		{version.ErrOutcome, false, "The store did not answer. The change may have been made: look at the versions."},
	} {
		if errors.Is(err, known.err) {
			return known.text, known.inName
		}
	}
	return err.Error(), false
}

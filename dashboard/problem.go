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

// problemsOf returns the parts of an error that is about a change of a binding, or of several.
func problemsOf(err error, name string) []problem {
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
	inName := slices.ContainsFunc([]error{errNoName, errName, errTaken, binding.ErrDuplicate, version.ErrNamedTwice},
		func(known error) bool { return errors.Is(err, known) })
	return []problem{{Name: name, InName: inName, Text: textOf(err)}}
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

// textOf returns an error as a sentence for people.
func textOf(err error) string {
	for _, known := range []struct {
		err  error
		text string
	}{
		{errNoName, "Enter a name."},
		{errName, fmt.Sprintf("A name has at most %d bytes.", maxName)},
		{errNoValue, "Enter the value again: a secret is not shown."},
		{errTaken, "The version has a binding of this name already."},
		{binding.ErrDuplicate, "Another row has this name."},
		{binding.ErrJSON, "The value is not valid JSON."},
		{version.ErrNamedTwice, "Another row removes this name."},
		{version.ErrUnchanged, "Nothing would change."},
		{version.ErrNotFound, "There is no such Worker."},
		{version.ErrNoVersions, "This Worker has no versions yet. Upload one with wrangler deploy."},
		{version.ErrNoVersion, "There is no such version."},
		{version.ErrNotDeployable, "Only the newest 100 versions can be deployed."},
		{version.ErrShares, "Choose two different versions, and shares that sum to 100 %."},
		{version.ErrShare, "A share is between 0.01 and 100, or 0, with at most three decimals."},
		{version.ErrOutcome, "The change may or may not have been made: the store did not answer. See the versions."},
	} {
		if errors.Is(err, known.err) {
			return known.text
		}
	}
	return err.Error()
}

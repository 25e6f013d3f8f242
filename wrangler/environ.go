package wrangler

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// setting is a value of a variable and where it comes from.
type setting struct {
	value string
	spot  spot
}

// environ is a process environment, or the variables of some files: values with their sources.
type environ struct{ table[setting] }

// newEnviron reads the form of os.Environ. Of a name that is there twice Node.js takes the first; one that is not UTF-8, or
// that is an integer, it lists, but does not find.
func newEnviron(process []string) *environ {
	e, from := &environ{}, Source{Origin: FromProcess}.spot()
	for _, entry := range process {
		name, value, ok := strings.Cut(entry, "=")
		_, there := e.get(name)
		_, index := jsvalue.ArrayIndex(name)
		if ok && !there && !index && name != "" && name != "__proto__" && utf8.ValidString(name) {
			e.set(name, setting{jsvalue.ValidText([]byte(value)), from})
		}
	}
	return e
}

// lookup returns the value of name, nil if it is not set.
func (e *environ) lookup(name string) *string {
	s, ok := e.get(name)
	if !ok {
		return nil
	}
	return &s.value
}

func (e *environ) values() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, s := range e.all() {
			if !yield(name, s.value) {
				return
			}
		}
	}
}

// add puts the assignments of f over those that are there.
func (e *environ) add(f *devvars.File, origin Origin, name string) {
	in := Source{Origin: origin, File: name}.spot()
	for entry := range f.Assignments() {
		if entry.Key() != "__proto__" { // an assignment to it makes no property in JavaScript
			e.set(entry.Key(), setting{entry.Value(), in.at(entry.Pos())})
		}
	}
}

// expand returns what dotenv-expand makes of e over the process environment, which comes first and wins, but for its
// empty values. Names whose references cannot be replaced are missing from the result, and findings.
func (e *environ) expand(process *environ) (*environ, []Finding) {
	x, err := devvars.Expand(e.values(), devvars.ExpandOptions{Process: process.values()})
	result := &environ{}
	result.reserve(e.len())
	for name, value := range x.All() {
		result.set(name, setting{value, e.spotOf(name, process)})
	}
	return result, e.expansionFindings(err)
}

// spotOf tells which of a file's variable and the process's of that name the expansion took.
func (e *environ) spotOf(name string, process *environ) spot {
	file, inFile := e.get(name)
	proc, inProcess := process.get(name)
	if inFile && (!inProcess || proc.value == "" || proc.value == file.value) {
		return file.spot
	}
	return proc.spot
}

func (e *environ) expansionFindings(err error) []Finding {
	var findings []Finding
	for _, one := range expandErrors(err) {
		s, _ := e.get(one.Key)
		at := s.spot.source()
		findings = append(findings, Finding{
			Rule: RuleExpansion, File: at.File, Line: at.Line, Column: at.Column, Key: one.Key,
			Text: one.Err.Error() + "; change the name or the references in the value",
		})
	}
	return findings
}

func expandErrors(err error) []*devvars.ExpandError {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var list []*devvars.ExpandError
	for _, one := range joined.Unwrap() {
		if e, ok := one.(*devvars.ExpandError); ok {
			list = append(list, e)
		}
	}
	return list
}

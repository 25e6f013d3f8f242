package wrangler

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// variable is the value of a variable and where it comes from. All variables of a file share in,
// which has no position, since a file may have very many.
type variable struct {
	value        string
	in           *Source
	line, column uint32
}

func (v variable) source() Source {
	s := *v.in
	s.Line, s.Column = int(v.line), int(v.column)
	return s
}

// environ is a process environment, or the variables that files assign.
type environ struct{ jsvalue.Map[variable] }

// newEnviron reads the form of os.Environ as Node.js does: of two variables with the same name the
// first counts, and one whose name is not UTF-8 or is an integer cannot be found.
func newEnviron(process []string) *environ {
	e, in := &environ{}, &Source{Origin: FromProcess}
	for _, s := range process {
		name, value, ok := strings.Cut(s, "=")
		_, there := e.Get(name)
		_, index := jsvalue.ArrayIndex(name)
		if ok && !there && !index && name != "" && name != "__proto__" && utf8.ValidString(name) {
			e.Set(name, variable{value: jsvalue.ValidText([]byte(value)), in: in})
		}
	}
	return e
}

// assign sets the variable of an assignment, which has the given value. In JavaScript an assignment
// to __proto__ makes no property.
func (e *environ) assign(in *Source, a devvars.Assignment, value string) {
	if a.Key() != "__proto__" {
		e.Set(a.Key(), variable{value, in, uint32(a.Pos().Line), uint32(a.Pos().Column)})
	}
}

// lookup returns the value of a variable, nil if it is not set.
func (e *environ) lookup(name string) *string {
	v, ok := e.Get(name)
	if !ok {
		return nil
	}
	return &v.value
}

// value returns the value of a variable, "" if it is not set.
func (e *environ) value(name string) string {
	v, _ := e.Get(name)
	return v.value
}

// values returns every name with its value.
func (e *environ) values() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, v := range e.All() {
			if !yield(name, v.value) {
				return
			}
		}
	}
}

// environ returns the variables in the form of os.Environ.
func (e *environ) environ() []string {
	list := make([]string, 0, e.Len())
	for name, v := range e.All() {
		list = append(list, name+"="+v.value)
	}
	return list
}

// expand returns the variables of process, and over it those of .env files with their references
// replaced, as dotenv-expand does. A process variable that is not empty wins over one of a file. It
// adds errors to findings for variables whose references cannot be replaced; the result lacks
// those.
func (e *environ) expand(process *environ, findings *[]Finding, files ...localFile) iter.Seq2[string, variable] {
	expansion, err := devvars.Expand(e.values(), devvars.ExpandOptions{Environ: process.environ()})
	*findings = append(*findings, e.expansionFindings(err, files)...)
	for _, f := range files {
		if f.unread == "" && expands(f.source.Origin) {
			for found := range f.file.LostReferences(expansion) {
				*findings = append(*findings, f.place(found))
			}
		}
	}
	return func(yield func(string, variable) bool) {
		for name, value := range expansion.All() {
			v, inFile := e.Get(name)
			if p, ok := process.Get(name); ok && (!inFile || p.value != "" && p.value != v.value) {
				v = p
			}
			v.value = value
			if !yield(name, v) {
				return
			}
		}
	}
}

// expansionFindings returns the findings for an error of devvars.Expand about values of files. They
// do not show keys that are pieces of values.
func (e *environ) expansionFindings(err error, files []localFile) []Finding {
	if err == nil {
		return nil
	}
	var findings []Finding
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		var failed *devvars.ExpandError
		if errors.As(err, &failed) {
			v, _ := e.Get(failed.Key)
			at := v.source()
			if !slices.ContainsFunc(files, func(f localFile) bool { return f.file.IsFragment(failed.Key) }) {
				at.Key = failed.Key
			}
			findings = append(findings, at.finding(SeverityError, RuleExpansion,
				failed.Err.Error()+"; change the name or the references in the value"))
		}
	}
	return findings
}

package wrangler

import (
	"errors"
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

// environ is a process environment.
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

// environ returns the variables in the form of os.Environ.
func (e *environ) environ() []string {
	list := make([]string, 0, e.Len())
	for name, v := range e.All() {
		list = append(list, name+"="+v.value)
	}
	return list
}

// beats reports whether v, of a process environment, replaces a value of a .env file.
func (v variable) beats(value string) bool { return v.value != "" && v.value != value }

// isRead reports whether wrangler or this package reads a variable of the process environment.
func isRead(name string) bool { return isSetting(name) || name == "DOTENV_KEY" }

// with returns e with the wanted variables of .env files added, which have the values of x.
func (e *environ) with(files []localFile, x *devvars.Expansion, wanted func(name string) bool) *environ {
	merged := &environ{}
	for name, v := range e.All() {
		merged.Set(name, v)
	}
	for _, f := range files {
		in := f.source
		for a := range f.file.Assignments() {
			value, ok := x.Lookup(a.Key())
			v, there := e.Get(a.Key())
			if !ok || !there && !wanted(a.Key()) {
				continue
			}
			if !there || !v.beats(a.Value()) {
				v = variable{in: &in, line: uint32(a.Pos().Line), column: uint32(a.Pos().Column)}
			}
			v.value = value
			merged.Set(a.Key(), v)
		}
	}
	return merged
}

// needsExpansion reports whether dotenv-expand changes the values of .env files, or may fail.
func needsExpansion(files []localFile) bool {
	for _, f := range files {
		for a := range f.file.Assignments() {
			if jsvalue.IsPrototypeName(a.Key()) || strings.Contains(a.Value(), "$") {
				return true
			}
		}
	}
	return false
}

// expand replaces the references in the values of .env files as dotenv-expand does. The findings are
// about variables whose references cannot be replaced, which the result lacks, and about references to
// names that do not exist.
func expand(process *environ, files []localFile) (*devvars.Expansion, []Finding) {
	values := func(yield func(string, string) bool) {
		for _, f := range files {
			for a := range f.file.Assignments() {
				if !yield(a.Key(), a.Value()) {
					return
				}
			}
		}
	}
	expansion, err := devvars.Expand(values, devvars.ExpandOptions{Environ: process.environ()})
	findings := expansionFindings(err, files)
	for _, f := range files {
		for found := range f.file.LostReferences(expansion) {
			findings = append(findings, f.place(found))
		}
	}
	return expansion, findings
}

// expansionFindings returns the findings for an error of devvars.Expand about values of files. They
// do not show keys that are pieces of values.
func expansionFindings(err error, files []localFile) []Finding {
	if err == nil {
		return nil
	}
	places := map[string]Source{} // of the last assignments
	for _, f := range files {
		for a := range f.file.Assignments() {
			places[a.Key()] = f.at(a)
		}
	}
	var findings []Finding
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		var failed *devvars.ExpandError
		if errors.As(err, &failed) {
			at := places[failed.Key]
			if !slices.ContainsFunc(files, func(f localFile) bool { return f.file.IsFragment(failed.Key) }) {
				at.Key = failed.Key
			}
			findings = append(findings, at.finding(SeverityError, RuleExpansion,
				failed.Err.Error()+"; change the name or the references in the value"))
		}
	}
	return findings
}

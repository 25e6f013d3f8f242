package binding_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

// specimen is a value that contains the canary, in each place where a program may keep it.
type specimen struct {
	name   string
	places map[string]any
	crash  func(mode string) // ends the process; see panics_test.go
}

type exported[T any] struct {
	Name string
	V    T
}

type unexported[T any] struct {
	name string
	v    T
}

func specimenOf[T any](name string, x T) specimen {
	deep := exported[*unexported[T]]{"m", &unexported[T]{"o", x}}
	places := map[string]any{
		"direct":               x,
		"pointer":              &x,
		"exported":             exported[T]{"n", x},
		"exported pointer":     exported[*T]{"n", &x},
		"pointer to exported":  &exported[T]{"n", x},
		"unexported":           unexported[T]{"n", x},
		"pointer to unexp.":    &unexported[T]{"n", x},
		"unexported pointer":   unexported[*T]{"n", &x},
		"unexported slice":     unexported[[]T]{"n", []T{x}},
		"unexported map":       unexported[map[string]T]{"n", map[string]T{"k": x}},
		"unexported interface": unexported[any]{"n", x},
		"deep":                 unexported[exported[*unexported[T]]]{"n", deep},
		"slice":                []T{x},
		"array":                [1]T{x},
		"map":                  map[string]T{"k": x},
		"interface":            []any{x},
		"interface map":        map[string]any{"k": &x},
	}
	if v := reflect.ValueOf(x); v.Comparable() {
		places["map key"] = map[any]int{x: 1}
		typed := reflect.MakeMap(reflect.MapOf(v.Type(), reflect.TypeFor[int]()))
		typed.SetMapIndex(v, reflect.ValueOf(1))
		places["typed map key"] = typed.Interface()
	}
	return specimen{name, places, func(mode string) { crash(mode, x) }}
}

// specimens returns one of each type and each error of this package.
func specimens() []specimen {
	inJSON, _ := json.Marshal(map[string]string{"k": canary})
	bs := []binding.Binding{
		binding.Var("V", canary), binding.Secret("S", canary), binding.JSONVar("J", string(inJSON)),
		binding.Resource("kv_namespace", "R", string(inJSON)),
	}
	s, err := binding.NewSet(bs...)
	if err != nil {
		panic(err)
	}
	e, err := s.Without("R").Env()
	if err != nil {
		panic(err)
	}
	other, _ := binding.NewSet(binding.Secret("V", canary+"2"), binding.Var("S", canary))
	list := []specimen{
		specimenOf("Value", binding.NewValue(canary)),
		specimenOf("Binding", bs[1]),
		specimenOf("Set", s),
		specimenOf("Env", e),
		specimenOf("Diff", s.Diff(other)),
		specimenOf("Env's Diff", e.Diff(binding.EnvOf(map[string]string{"V": "1", "X": canary}))),
		specimenOf("Change", s.Diff(other)[0]),
		specimenOf("EnvOf", binding.EnvOf(map[string]string{"A": canary})),
	}
	for _, b := range append(bs, binding.InheritedFrom("I", string(inJSON)), binding.JSONVar("A", canary)) {
		list = append(list, specimenOf("Binding "+b.String(), b))
	}
	for name, err := range leakyErrors(s, e) {
		list = append(list, specimenOf("error "+name, err))
	}
	return list
}

// leakyErrors returns errors of every type, for input that contains the canary everywhere.
func leakyErrors(s binding.Set, e binding.Env) map[string]error {
	inJSON, _ := json.Marshal(map[string]string{canary: canary})
	array, _ := json.Marshal([]string{canary})
	_, invalid := binding.NewSet(
		binding.JSONVar("A", canary), binding.Var("B", canary), binding.Secret("B", canary),
		binding.Resource("d1", "C", string(array)),
		binding.Resource("plain_text", "D", string(inJSON)),
		binding.InheritedFrom("E", `{"old_name":`+string(array)+`}`), binding.Binding{})
	open, _ := binding.NewSet(binding.InheritedFrom("A", string(inJSON)), binding.Secret("B", canary))
	_, missing := open.Inherit(s)
	_, unresolved := open.Env()
	var v binding.Value
	_, noObject := binding.ParseBinding(array)
	_, noText := binding.ParseBinding([]byte(`{"name":"A","type":"secret_text","text":` + string(array) + `}`))
	_, binary := binding.NewValue(canary).MarshalBinary()
	_, gobbed := binding.NewValue(canary).GobEncode()
	return map[string]error{
		"NewSet":      invalid,
		"Inherit":     missing,
		"Env":         unresolved,
		"Limits":      binding.Limits{Bindings: 1, ValueBytes: 1}.Check(s),
		"not bound":   e.Decode("ABSENT", new(int)),
		"not JSON":    e.Decode("S", new(int)),
		"mismatch":    e.Decode("J", new(int)),
		"map key":     e.Decode("J", new(map[string]int)),
		"its decoder": e.Decode("J", new(echo)),
		"JSON array":  json.Unmarshal(array, &v),
		"no JSON":     v.UnmarshalJSON([]byte(canary)),
		"text":        v.UnmarshalText([]byte("[redacted]")),
		"binary":      binary,
		"no object":   noObject,
		"no text":     noText,
		"gob":         gobbed,
	}
}

// probes are ways in which programs print, encode and log values.
var probes = map[string]func(x any) string{
	"%v":            verbs("%v", "%6v", "%-.3v"),
	"%+v":           verbs("%+v"),
	"%#v":           verbs("%#v", "%#+v"),
	"%s":            verbs("%s", "%+s", "%.4s", "%099s"),
	"%q":            verbs("%q", "%+q", "%#q"),
	"%x":            verbs("%x", "%X", "% x", "%#x", "%# X"),
	"%d":            verbs("%d", "%+d", "%03d"),
	"%t":            verbs("%t"),
	"%c and %U":     verbs("%c", "%U", "%#U"),
	"%b and %o":     verbs("%b", "%o", "%O"),
	"%e, %f and %g": verbs("%e", "%f", "%F", "%g", "%G", "%E"),
	"%p":            verbs("%p", "%#p"),
	"%w":            func(x any) string { return verbs("%w")(x) + wrapped("a: %w", x).Error() },
	"no such verb":  verbs("%z", "%!", "%T %[1]y"),
	"misplaced":     verbs("%*d", "%[3]*.[2]*[1]f", "extra"),
	"Print":         func(x any) string { return fmt.Sprint(x) + fmt.Sprintln(x, x) + string(fmt.Append(nil, x)) },
	"errors": func(x any) string {
		return fmt.Sprintf("%+v", errors.Join(fmt.Errorf("a: %v", x), fmt.Errorf("b: %+v", x)))
	},
	"json":          probeJSON,
	"xml":           probeXML,
	"gob":           probeGob,
	"text/template": probeText,
	"html/template": probeHTML,
	"slog text": func(x any) string {
		return probeSlog(func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }, x)
	},
	"slog JSON": func(x any) string {
		return probeSlog(func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }, x)
	},
	"log":            probeLog,
	"test assertion": probeAssertion,
}

func verbs(formats ...string) func(any) string {
	return func(x any) string {
		var b strings.Builder
		for _, format := range formats {
			fmt.Fprintf(&b, format+"\n", x)
		}
		return b.String()
	}
}

// wrapped calls fmt.Errorf with arguments that vet would report.
func wrapped(format string, args ...any) error {
	errorf := fmt.Errorf
	return errorf(format, args...)
}

func probeJSON(x any) string {
	compact, err1 := json.Marshal(x)
	indented, err2 := json.MarshalIndent(x, "", " ")
	return fmt.Sprintf("%s %v %s %v", compact, err1, indented, err2)
}

func probeXML(x any) string {
	out, err := xml.Marshal(x)
	type attribute struct {
		A any `xml:"a,attr"`
	}
	in, err2 := xml.Marshal(attribute{x})
	return fmt.Sprintf("%s %v %s %v", out, err, in, err2)
}

func probeGob(x any) string {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(x)
	return fmt.Sprintf("%s %v", b.Bytes(), err)
}

func probeText(x any) string {
	var b bytes.Buffer
	t := texttemplate.Must(texttemplate.New("").Parse(
		`{{.}} {{printf "%s %v %#v %d" . . . .}} {{print .}} {{html .}} {{js .}} {{urlquery .}}`))
	return fmt.Sprint(t.Execute(&b, x), b.String())
}

func probeHTML(x any) string {
	var b bytes.Buffer
	t := htmltemplate.Must(htmltemplate.New("").Parse(
		`<a title="{{.}}" href="?q={{.}}">{{.}}</a><script>var x = {{.}}</script>`))
	return fmt.Sprint(t.Execute(&b, x), b.String())
}

func probeSlog(handler func(io.Writer) slog.Handler, x any) string {
	var b bytes.Buffer
	l := slog.New(handler(&b))
	l.Info("message", "key", x, slog.Group("group", "key", x))
	l.With("key", x).Info(fmt.Sprint(x))
	l.Info("no key", x)
	return b.String()
}

func probeLog(x any) string {
	var b bytes.Buffer
	l := log.New(&b, "", 0)
	l.Print(x)
	l.Println("x", x)
	l.Printf("%v %+v", x, x)
	return b.String()
}

// transcript records the messages of failing assertions.
type transcript struct{ strings.Builder }

func (t *transcript) Errorf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func probeAssertion(x any) string {
	var t transcript
	assert.Equal(&t, x, "something else")
	assert.Nil(&t, x)
	assert.Equal(&t, []any{1, x}, []any{2, x})
	assert.ElementsMatch(&t, []any{x}, []any{1})
	return t.String()
}

// all returns the output of a probe for every place of a specimen.
func (s specimen) all(probe func(any) string) string {
	var b strings.Builder
	for _, x := range s.places {
		b.WriteString(probe(x) + "\n")
	}
	return b.String()
}

func TestNothingLeaks(t *testing.T) {
	for _, s := range specimens() {
		for name, probe := range probes {
			if found := leak(s.all(probe)); found != "" {
				t.Errorf("%s leaks through %s: %q", s.name, name, found)
			}
		}
	}
}

// TestProbesCanFail checks that every probe finds the canary in a plain string.
func TestProbesCanFail(t *testing.T) {
	for name, probe := range probes {
		assert.NotEmpty(t, leak(specimenOf("string", canary).all(probe)), name)
	}
}

// TestRevealingMethods checks that the methods that reveal values, according to the documentation of
// the package, do so. The tests of integration/leaks check that no other method does.
func TestRevealingMethods(t *testing.T) {
	quoted, err := json.Marshal(canary)
	require.NoError(t, err)
	e, err := binding.NewEnv(binding.Secret("A", canary), binding.JSONVar("J", string(quoted)))
	require.NoError(t, err)
	var decoded string
	require.NoError(t, e.Decode("J", &decoded))
	reveals := map[string]any{
		"Value.Reveal": binding.NewValue(canary).Reveal(), "Env.Get": e.Get("A"), "Env.Map": e.Map(),
		"Env.Environ": e.Environ(), "Env.Decode": decoded,
		"Env.Values": e.Values(), "Env.RevealJSON": string(e.RevealJSON()),
		"Binding.RevealJSON": string(binding.Secret("A", canary).RevealJSON()),
	}
	for name, revealed := range reveals {
		assert.NotEmpty(t, leak(fmt.Sprint(revealed)), name)
	}
}

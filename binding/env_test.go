package binding_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

func env(t testing.TB, bs ...binding.Binding) binding.Env {
	t.Helper()
	e, err := set(t, bs...).Env()
	require.NoError(t, err)
	return e
}

// recording is the content of testdata/dev.json: the bindings of wrangler dev, and the env of the
// Worker.
type recording struct {
	Bindings map[string]struct {
		Type  binding.Kind
		Value json.RawMessage
	}
	Env [][3]json.RawMessage // name, typeof, value
}

func (r recording) bindings(t *testing.T) []binding.Binding {
	var bs []binding.Binding
	for name, b := range r.Bindings {
		switch b.Type {
		case binding.PlainText:
			bs = append(bs, binding.Var(name, str(t, b.Value)))
		case binding.SecretText:
			bs = append(bs, binding.Secret(name, str(t, b.Value)))
		case binding.JSON:
			bs = append(bs, binding.JSONVar(name, string(b.Value)))
		default:
			t.Fatalf("recorded kind %q", b.Type)
		}
	}
	return bs
}

func str(t *testing.T, raw json.RawMessage) (s string) {
	require.NoError(t, json.Unmarshal(raw, &s))
	return s
}

func TestEnvIsWhatTheWorkerSees(t *testing.T) {
	data, err := os.ReadFile("testdata/dev.json")
	require.NoError(t, err)
	var r recording
	require.NoError(t, json.Unmarshal(data, &r))
	e := env(t, r.bindings(t)...)
	require.Equal(t, len(r.Env), e.Len())
	for _, seen := range r.Env {
		name, kind := str(t, seen[0]), str(t, seen[1])
		v, ok := e.Lookup(name)
		require.True(t, ok, name)
		assert.Equal(t, v.Reveal(), e.Get(name), name)
		assert.Equal(t, kind != "string", e.IsJSON(name), name)
		if kind == "string" {
			assert.Equal(t, str(t, seen[2]), e.Get(name), name)
			continue
		}
		var want, got any
		require.NoError(t, json.Unmarshal(seen[2], &want))
		require.NoError(t, e.Decode(name, &got), name)
		assert.Equal(t, want, got, name)
	}
	assert.True(t, must(e.Lookup("TWIN_VAR")) == must(e.Lookup("TWIN_SECRET")))
}

func must(v binding.Value, ok bool) binding.Value {
	if !ok {
		panic("name is not bound")
	}
	return v
}

// TestEnvHidesKinds checks that an Env does not depend on which of its texts are secrets.
func TestEnvHidesKinds(t *testing.T) {
	a := env(t, binding.Var("A", "1"), binding.Secret("B", "2"), binding.JSONVar("J", "3"))
	b := env(t, binding.Secret("A", "1"), binding.Var("B", "2"), binding.JSONVar("J", "3"))
	assert.True(t, a.Equal(b))
	assert.True(t, reflect.DeepEqual(a, b))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		assert.Equal(t, fmt.Sprintf(verb, a), fmt.Sprintf(verb, b))
	}
	aj, err := json.Marshal(a)
	require.NoError(t, err)
	bj, err := json.Marshal(b)
	require.NoError(t, err)
	assert.Equal(t, aj, bj)
	assert.Equal(t, a.Environ(), b.Environ())
	for name, v := range a.All() {
		assert.True(t, v == must(b.Lookup(name)), name)
		assert.Equal(t, a.IsJSON(name), b.IsJSON(name), name)
		assert.Equal(t, fmt.Sprint(a.Decode(name, new(int))), fmt.Sprint(b.Decode(name, new(int))))
	}
	assert.True(t, env(t, binding.Var("A", "1"), binding.Secret("B", "2"), binding.JSONVar("J", "3")).Equal(a))
}

func TestEnvReads(t *testing.T) {
	e := env(t, binding.Var("B", "text"), binding.JSONVar("A", `{"a": 1}`), binding.Secret("E", ""),
		binding.Resource("kv_namespace", "KV", "{}"))
	assert.Equal(t, []string{"A", "B", "E"}, e.Names())
	assert.Equal(t, 3, e.Len())
	assert.Equal(t, map[string]string{"A": `{"a": 1}`, "B": "text", "E": ""}, e.Map())
	assert.Equal(t, []string{`A={"a": 1}`, "B=text", "E="}, e.Environ())
	assert.Equal(t, "text", e.Get("B"))
	assert.Equal(t, "", e.Get("E"))
	assert.Equal(t, "", e.Get("KV"))
	v, ok := e.Lookup("E")
	assert.True(t, ok && !v.IsZero())
	v, ok = e.Lookup("KV")
	assert.True(t, !ok && v.IsZero())
	var order []string
	for name := range e.All() {
		order = append(order, name)
		if name == "B" {
			break
		}
	}
	assert.Equal(t, []string{"A", "B"}, order)
	out, err := json.Marshal(e)
	require.NoError(t, err)
	assert.Equal(t, `{"A":"[redacted]","B":"[redacted]","E":"[redacted]"}`, string(out))
	assert.ErrorIs(t, json.Unmarshal(out, &e), binding.ErrRedacted)
	assert.Regexp(t, `^Env\{A:json#[0-9a-f]{8}, B:#[0-9a-f]{8}, E:#[0-9a-f]{8}\}$`, e.String())
}

func TestEnvSharesNoMemory(t *testing.T) {
	source := map[string]string{"A": "1", "B": "2"}
	e := binding.EnvOf(source)
	source["A"], source["C"] = "x", "x"
	e.Names()[0] = "x"
	e.Map()["A"] = "x"
	e.Environ()[0] = "x"
	assert.True(t, e.Equal(env(t, binding.Var("A", "1"), binding.Secret("B", "2"))))
}

func TestEnvZero(t *testing.T) {
	var zero binding.Env
	assert.Equal(t, 0, zero.Len())
	assert.Equal(t, "", zero.Get("A"))
	assert.False(t, zero.IsJSON("A"))
	assert.Empty(t, zero.Names())
	assert.Empty(t, zero.Map())
	assert.ErrorIs(t, zero.Decode("A", new(int)), binding.ErrNotBound)
	for range zero.All() {
		t.Error("the zero Env has a name")
	}
	for i, e := range []binding.Env{env(t), env(t, binding.Resource("d1", "DB", "{}")), binding.EnvOf(nil)} {
		assert.True(t, e.Equal(zero), i)
		assert.True(t, reflect.DeepEqual(e, zero), i)
	}
	assert.Equal(t, "Env{}", zero.String())
}

func TestEnvEqual(t *testing.T) {
	envs := []binding.Env{
		{}, env(t, binding.Var("A", "1")), env(t, binding.Var("A", "2")),
		env(t, binding.JSONVar("A", "1")), env(t, binding.Var("B", "1")),
		env(t, binding.Var("A", "1"), binding.Var("B", "1")),
	}
	again := []binding.Env{
		{}, env(t, binding.Secret("A", "1")), env(t, binding.Secret("A", "2")),
		env(t, binding.JSONVar("A", "1")), env(t, binding.Var("B", "1")),
		env(t, binding.Var("A", "1"), binding.Var("B", "1")),
	}
	for i, e := range envs {
		for j, o := range again {
			assert.Equal(t, i == j, e.Equal(o), "%d and %d", i, j)
			assert.Equal(t, i == j, reflect.DeepEqual(e, o), "%d and %d", i, j)
		}
	}
}

func TestEnvNeedsInheritedBindings(t *testing.T) {
	_, err := set(t, binding.Inherited("B"), binding.Var("C", ""), binding.Inherited("A")).Env()
	var e *binding.InheritError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{"A", "B"}, e.Names())
}

// os/exec uses a non-nil slice as the whole environment of a command, even an empty one.
func TestEnvEnviron(t *testing.T) {
	assert.NotNil(t, binding.Env{}.Environ())
	e := env(t, binding.Var("", "no name"), binding.Var("a=b", "c"), binding.Var("nul\x00", ""),
		binding.Var("A", "1=2\n3"), binding.Secret("a b", ""))
	assert.Equal(t, []string{"A=1=2\n3", "a b="}, e.Environ())
}

func TestEnvEnvironOfACommand(t *testing.T) {
	if os.Getenv("BINDING_TEST_PRINT_ENV") == "1" {
		fmt.Print(strings.Join(os.Environ(), "\n"))
		os.Exit(0)
	}
	exe := executable(t)
	run := func(e binding.Env) (string, error) {
		cmd := exec.Command(exe, "-test.run=^TestEnvEnvironOfACommand$")
		cmd.Env = e.Environ()
		out, err := cmd.Output()
		return string(out), err
	}
	out, err := run(env(t, binding.Var("BINDING_TEST_PRINT_ENV", "1"), binding.Secret("KEY", "k e y"),
		binding.JSONVar("J", "[1]")))
	require.NoError(t, err)
	assert.Equal(t, "BINDING_TEST_PRINT_ENV=1\nJ=[1]\nKEY=k e y", out)
	_, err = run(env(t, binding.Secret("KEY", "hunter2\x00")))
	if assert.Error(t, err) {
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

// echo is a type whose UnmarshalJSON returns its input as an error.
type echo struct{}

func (echo) UnmarshalJSON(data []byte) error { return errors.New(string(data)) }

// incomplete is a type whose UnmarshalJSON returns an incomplete error of encoding/json.
type incomplete struct{}

func (incomplete) UnmarshalJSON([]byte) error { return &json.UnmarshalTypeError{Value: "hunter2"} }

func TestEnvDecode(t *testing.T) {
	e := env(t, binding.JSONVar("J", ` {"max": 3, "on": true} `), binding.Var("T", `{"max": 3}`),
		binding.JSONVar("N", "null"))
	var got struct {
		Max int  `json:"max"`
		On  bool `json:"on"`
	}
	require.NoError(t, e.Decode("J", &got))
	assert.Equal(t, 3, got.Max)
	assert.True(t, got.On)
	p := new(int)
	require.NoError(t, e.Decode("N", &p))
	assert.Nil(t, p)
}

func TestEnvDecodeErrors(t *testing.T) {
	e := env(t, binding.JSONVar("J", `{"hunter2": "hunter2", "n": 1234567890123}`), binding.Secret("T", `{"n":1}`))
	for _, c := range []struct {
		name string
		into any
		err  error
		text string
	}{
		{"ABSENT", new(int), binding.ErrNotBound, "ABSENT: name is not bound"},
		{"T", new(any), binding.ErrNotJSON, "T: value is a text, not JSON"},
		{"J", new(int), binding.ErrMismatch, "J: JSON value does not fit int"},
		{"J", &struct{ N int8 }{}, binding.ErrMismatch, "J: JSON value does not fit int8"},
		{"J", &map[int]any{}, binding.ErrMismatch, "J: JSON value does not fit int"},
		{"J", &struct{ Hunter2 echo }{}, binding.ErrMismatch,
			"J: JSON value does not fit *struct { Hunter2 binding_test.echo }"},
		{"J", new(echo), binding.ErrMismatch, "J: JSON value does not fit *binding_test.echo"},
		{"J", new(incomplete), binding.ErrMismatch, "J: JSON value does not fit *binding_test.incomplete"},
		{"J", nil, binding.ErrMismatch, "J: JSON value does not fit <nil>"},
		{"J", 1, binding.ErrMismatch, "J: JSON value does not fit int"},
		{"J", (*int)(nil), binding.ErrMismatch, "J: JSON value does not fit *int"},
	} {
		err := e.Decode(c.name, c.into)
		assert.ErrorIs(t, err, c.err)
		assert.EqualError(t, err, c.text)
		var d *binding.DecodeError
		if assert.ErrorAs(t, err, &d) {
			assert.Equal(t, c.name, d.Name)
		}
	}
}

func TestNewEnv(t *testing.T) {
	e, err := binding.NewEnv(binding.Var("A", "1"), binding.Secret("B", "2"), binding.Resource("d1", "DB", "{}"))
	require.NoError(t, err)
	assert.True(t, e.Equal(binding.EnvOf(map[string]string{"A": "1", "B": "2"})))
	_, err = binding.NewEnv(binding.Var("A", "1"), binding.Secret("A", "2"))
	assert.ErrorIs(t, err, binding.ErrDuplicate)
	_, err = binding.NewEnv(binding.Inherited("A"))
	assert.ErrorAs(t, err, new(*binding.InheritError))
}

func TestEnvWithAndWithout(t *testing.T) {
	e := env(t, binding.Var("A", "1"), binding.Secret("B", "2"), binding.JSONVar("J", "3"))
	w, err := e.With(binding.Secret("C", "4"), binding.Var("B", "5"), binding.Resource("d1", "J", "{}"))
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"A": "1", "B": "5", "C": "4"}, w.Map())
	assert.Equal(t, map[string]string{"A": "1", "B": "2", "J": "3"}, e.Map())
	assert.False(t, w.IsJSON("J"))
	assert.Equal(t, "5", w.Get("B"))
	same, err := e.With()
	require.NoError(t, err)
	assert.True(t, reflect.DeepEqual(e, same))
	_, err = e.With(binding.JSONVar("B", "{"))
	assert.ErrorIs(t, err, binding.ErrJSON)
	_, err = e.With(binding.Inherited("B"))
	assert.ErrorAs(t, err, new(*binding.InheritError))

	assert.Equal(t, map[string]string{"B": "2"}, e.Without("A", "J", "ABSENT").Map())
	assert.True(t, reflect.DeepEqual(binding.Env{}, e.Without("A", "B", "J")))
	fromZero, err := binding.Env{}.With(binding.Var("A", "1"))
	require.NoError(t, err)
	assert.True(t, reflect.DeepEqual(fromZero, e.Without("B", "J")))
}

func TestEnvDiff(t *testing.T) {
	a := env(t, binding.Var("GONE", "1"), binding.Secret("SAME", "1"), binding.Secret("TEXT", "1"),
		binding.Var("KIND", "1"), binding.JSONVar("J", "1"))
	b := env(t, binding.Var("NEW", "1"), binding.Var("SAME", "1"), binding.Var("TEXT", "2"),
		binding.JSONVar("KIND", "1"), binding.JSONVar("J", "2"))
	assert.Equal(t, "- GONE (plain_text)\n~ J (json)\n~ KIND (plain_text to json)\n+ NEW (plain_text)\n"+
		"~ TEXT (plain_text)", a.Diff(b).String())
	assert.Empty(t, a.Diff(a))
	assert.Empty(t, binding.Env{}.Diff(binding.Env{}))
}

// TestEnvInFailingTests checks that a failing assertion shows which names differ, and no value. The
// tests of integration/leaks do the same for go-cmp.
func TestEnvInFailingTests(t *testing.T) {
	a := env(t, binding.Secret("API_KEY", canary), binding.Var("HOST", "same"), binding.JSONVar("LIMITS", "1"))
	b := env(t, binding.Secret("API_KEY", canary+"2"), binding.Var("HOST", "same"), binding.Var("LIMITS", "1"))
	assert.Regexp(t, `^Env\{API_KEY:#[0-9a-f]{8}, HOST:#[0-9a-f]{8}, LIMITS:json#[0-9a-f]{8}\}$`, fmt.Sprintf("%v", a))
	assert.NotEqual(t, fmt.Sprint(a), fmt.Sprint(b))

	var failed transcript
	assert.Equal(&failed, a, b)
	_, diff, found := strings.Cut(failed.String(), "Diff:")
	require.True(t, found)
	assert.Contains(t, diff, `name: (string) (len=7) "API_KEY"`)
	assert.Contains(t, diff, `name: (string) (len=6) "LIMITS"`)
	assert.NotContains(t, diff, "HOST")
	assert.Empty(t, leak(failed.String()))
}

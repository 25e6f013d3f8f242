package binding_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
)

// FuzzValue checks that only Reveal returns the text, that Values of equal texts are equal, and that
// UnmarshalJSON accepts every text except those that a Value prints.
func FuzzValue(f *testing.F) {
	for _, text := range []string{"", "a", "[redacted]", "[unset]", "\xff", "null", canary} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := binding.NewValue(text)
		if v.Reveal() != text || v != binding.NewValue(strings.Clone(text)) || v.IsZero() {
			t.Fatal("the text is lost")
		}
		printed := fmt.Sprintf("%v %+v %#v %s %x %d", v, struct{ v binding.Value }{v}, v, v, v, v)
		if len(text) >= 8 && !strings.Contains("[redacted] [redacted]", text) && strings.Contains(printed, text) {
			t.Fatal("the text is printed")
		}
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var w binding.Value
		err = json.Unmarshal(raw, &w)
		placeholder := text == "[redacted]" || text == "[unset]"
		if placeholder != (err != nil) {
			t.Fatal("a placeholder was accepted, or a text was rejected")
		}
		if !placeholder && utf8.ValidString(text) && w != v {
			t.Fatal("the text did not survive JSON")
		}
	})
}

// FuzzRaw checks that JSON texts and attributes are valid if and only if encoding/json accepts
// them, that they are kept unchanged, and that no error contains them.
func FuzzRaw(f *testing.F) {
	for _, raw := range []string{"", "{}", "null", "[1]", ` {"old_name":"B"}`, `{"name":1}`, `{"version_id":1}`,
		`{"a":{}}`, "{", `"x"`, "1e999", `{"a":1,"a":2}`, `{"a":1e999}`} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		check := func(b binding.Binding, got binding.Value, valid bool) {
			_, err := binding.NewSet(b)
			if valid != (err == nil) {
				t.Fatalf("valid is %t, the error is %v", valid, err)
			}
			if raw != "" && got.Reveal() != raw {
				t.Fatal("the bytes changed")
			}
			if text := fmt.Sprint(err); err != nil && text != b.Name()+": "+binding.ErrJSON.Error() &&
				text != b.Name()+": "+binding.ErrAttributes.Error() {
				t.Fatalf("the error says %q", text)
			}
		}
		j := binding.JSONVar("J", raw)
		v, _ := j.Value()
		check(j, v, json.Valid([]byte(raw)))

		m := object(raw)
		object := raw == "" || m != nil
		_, name := m["name"]
		_, kind := m["type"]
		r := binding.Resource("kv_namespace", "R", raw)
		v, _ = r.Attributes()
		check(r, v, object && !name && !kind)

		i := binding.InheritedFrom("I", raw)
		v, _ = i.Attributes()
		check(i, v, object && !name && !kind && isText(m["old_name"]) && isText(m["version_id"]))
	})
}

// object returns the JSON object that raw denotes, or nil if it does not denote one.
func object(raw string) (m map[string]any) {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	if !json.Valid([]byte(raw)) || d.Decode(&m) != nil {
		return nil
	}
	return m
}

func isText(x any) bool {
	_, ok := x.(string)
	return ok || x == nil
}

// FuzzSet adds each line of a text to a Set and checks that the last line of each name remains,
// that With and Without change one name, and that a Diff is empty if and only if the Sets are
// Equal.
func FuzzSet(f *testing.F) {
	f.Add("A=1\nB=2\nA=3", "A")
	f.Add("=\n=\x00", "")
	f.Fuzz(func(t *testing.T, text, name string) {
		var s binding.Set
		last := make(map[string]string)
		for line := range strings.SplitSeq(text, "\n") {
			key, value, _ := strings.Cut(line, "=")
			last[key] = value
			s = with(t, s, binding.Secret(key, value))
		}
		if s.Len() != len(last) {
			t.Fatal("a name is lost or doubled")
		}
		for key, value := range last {
			if b, ok := s.Lookup(key); !ok || !b.Equal(binding.Secret(key, value)) {
				t.Fatal("a binding is lost")
			}
		}
		w := with(t, s, binding.Var(name, text))
		if b, ok := w.Lookup(name); !ok || b.Kind() != binding.PlainText || len(s.Diff(w)) != 1 {
			t.Fatal("With did not change one name")
		}
		less := w.Without(name)
		if _, ok := less.Lookup(name); ok || !less.Equal(s.Without(name)) || len(less.Diff(s.Without(name))) != 0 {
			t.Fatal("Without did not undo With")
		}
		if e, err := s.Env(); err != nil || !e.Equal(binding.EnvOf(last)) {
			t.Fatal("the Env differs")
		}
	})
}

func with(t *testing.T, s binding.Set, b binding.Binding) binding.Set {
	w, err := s.With(b)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

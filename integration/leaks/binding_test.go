package leaks_test

import (
	"encoding/json"
	"fmt"

	"github.com/workerenv/workerenv/binding"
)

// inJSON is a JSON object whose value is the canary.
func inJSON() string { return string(must(json.Marshal(map[string]string{"k": canary}))) }

// inArray is a JSON array with the canary.
func inArray() string { return string(must(json.Marshal([]string{canary}))) }

// bindings returns a binding of each kind.
func bindings() []binding.Binding {
	return []binding.Binding{
		binding.Var("V", canary), binding.Secret("S", canary), binding.JSONVar("J", inJSON()),
		binding.Resource("kv_namespace", "R", inJSON()), binding.InheritedFrom("I", inJSON()),
	}
}

func bindingSpecimens() []specimen {
	bs := bindings()
	s := must(binding.NewSet(bs...))
	e := must(s.Without("I").Env())
	other := must(binding.NewSet(binding.Secret("V", canary+"2"), binding.Var("S", canary)))
	list := []specimen{
		specimenOf("Value", binding.NewValue(canary)),
		specimenOf("Set", s),
		specimenOf("Env", e),
		specimenOf("EnvOf", binding.EnvOf(map[string]string{"A": canary})),
		specimenOf("Diff", s.Diff(other)),
		specimenOf("Change", s.Diff(other)[0]),
		specimenOf("Values", []binding.Value{binding.NewValue(canary), binding.NewValue(canary + "2")}),
	}
	for _, b := range append(bs, binding.JSONVar("not JSON", canary)) {
		list = append(list, specimenOf("Binding "+b.Name(), b))
	}
	return append(list, bindingErrors(s, e)...)
}

// bindingErrors returns errors of every type of package binding. All of their input is the canary.
func bindingErrors(s binding.Set, e binding.Env) []specimen {
	_, invalid := binding.NewSet(
		binding.JSONVar("A", canary), binding.Var("B", canary), binding.Secret("B", canary),
		binding.Resource("d1", "C", inArray()),
		binding.Resource("plain_text", "D", inJSON()), binding.InheritedFrom("E", `{"old_name":`+inArray()+`}`),
		binding.Binding{})
	open := must(binding.NewSet(binding.InheritedFrom("A", inJSON()), binding.Secret("B", canary)))
	_, missing := open.Inherit(s)
	_, unresolved := open.Env()
	_, noObject := binding.ParseBinding([]byte(inArray()))
	_, noText := binding.ParseBinding([]byte(`{"name":"A","type":"secret_text","text":` + inArray() + `}`))
	text := string(must(json.Marshal(canary)))
	_, mistyped := binding.ParseBinding([]byte(`{"name":"A","type":"Secret_Text","text":` + text + `}`))
	var v binding.Value
	_, binary := binding.NewValue(canary).MarshalBinary()
	return errorSpecimens("binding", map[string]error{
		"NewSet":     invalid,
		"Inherit":    missing,
		"Env":        unresolved,
		"Limits":     binding.Limits{Bindings: 1, ValueBytes: 1}.Check(s),
		"not bound":  e.Decode("ABSENT", new(int)),
		"not JSON":   e.Decode("S", new(int)),
		"mismatch":   e.Decode("J", new(int)),
		"map key":    e.Decode("J", new(map[string]int)),
		"JSON array": json.Unmarshal([]byte(inArray()), &v),
		"no JSON":    v.UnmarshalJSON([]byte(canary)),
		"binary":     binary,
		"no object":  noObject,
		"no text":    noText,
		"mistyped":   mistyped,
	})
}

// errorSpecimens returns a specimen of the concrete type of each error, and one of type error.
func errorSpecimens(origin string, errs map[string]error) []specimen {
	var list []specimen
	for name, err := range errs {
		if err == nil {
			panic(fmt.Sprintf("%s error %q did not happen", origin, name))
		}
		list = append(list, specimenOf(origin+" error "+name, err))
	}
	return list
}

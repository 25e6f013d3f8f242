package binding_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/workerenv/workerenv/binding"
)

func Example() {
	deployed, err := binding.NewSet(
		binding.Var("API_HOST", "api.example.com"),
		binding.JSONVar("RETRIES", `{"max": 3}`),
		binding.Secret("API_KEY", "s3cr3t"),
		binding.Resource("kv_namespace", "CACHE", `{"namespace_id": "0f2a"}`),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(deployed)

	env, err := deployed.Env()
	if err != nil {
		log.Fatal(err)
	}
	key, ok := env.Lookup("API_KEY")
	fmt.Println(env.Get("API_HOST"), key, ok)

	next, err := deployed.Without("RETRIES").With(
		binding.Var("API_HOST", "api2.example.com"),
		binding.Secret("TOKEN", "t0k3n"),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(deployed.Diff(next))

	// Output:
	// [API_HOST (plain_text), API_KEY (secret_text), CACHE (kv_namespace), RETRIES (json)]
	// api.example.com [redacted] true
	// ~ API_HOST (plain_text)
	// - RETRIES (json)
	// + TOKEN (secret_text)
}

func ExampleMustSet() {
	for _, set := range []binding.Set{
		binding.MustSet(binding.Var("HOST", "a")),
		binding.MustSet(binding.Secret("API_KEY", "s3cr3t"), binding.JSONVar("RETRIES", "3")),
	} {
		fmt.Println(set)
	}
	// Output:
	// [HOST (plain_text)]
	// [API_KEY (secret_text), RETRIES (json)]
}

func ExampleNewSet() {
	_, err := binding.NewSet(
		binding.Var("HOST", "a"),
		binding.JSONVar("LIMITS", "{max: 3}"),
		binding.Secret("HOST", "b"),
	)
	fmt.Println(err)
	fmt.Println(errors.Is(err, binding.ErrDuplicate), errors.Is(err, binding.ErrJSON))
	// Output:
	// LIMITS: text is not valid JSON; HOST: name is used more than once
	// true true
}

func ExampleSet_Inherit() {
	latest, err := binding.NewSet(binding.Secret("API_KEY", "s3cr3t"), binding.Secret("OLD_TOKEN", "t0k3n"))
	if err != nil {
		log.Fatal(err)
	}
	upload, err := binding.NewSet(
		binding.Var("HOST", "api.example.com"),
		binding.Inherited("API_KEY"),
		binding.InheritedFrom("TOKEN", `{"old_name": "OLD_TOKEN"}`),
	)
	if err != nil {
		log.Fatal(err)
	}
	next, err := upload.Inherit(latest)
	fmt.Println(next, err)

	_, err = upload.Inherit(latest.Without("API_KEY", "OLD_TOKEN"))
	fmt.Println(err)
	// Output:
	// [API_KEY (secret_text), HOST (plain_text), TOKEN (secret_text)] <nil>
	// API_KEY: nothing to inherit; TOKEN: nothing to inherit from OLD_TOKEN
}

func ExampleEnv_Decode() {
	env, err := binding.NewEnv(binding.JSONVar("RETRIES", `{"max": 3}`))
	if err != nil {
		log.Fatal(err)
	}
	var retries struct{ Max int }
	fmt.Println(env.Decode("RETRIES", &retries), retries.Max)
	fmt.Println(env.Decode("RETRIES", new([]string)))
	// Output:
	// <nil> 3
	// RETRIES: JSON value does not fit []string
}

func ExampleEnvOf() {
	env := binding.EnvOf(map[string]string{"API_HOST": "127.0.0.1:8080", "API_KEY": "test"})
	fmt.Println(env.Names(), env.Environ())
	// Output:
	// [API_HOST API_KEY] [API_HOST=127.0.0.1:8080 API_KEY=test]
}

func ExampleEnv_Diff() {
	want, err := binding.NewEnv(binding.Secret("API_KEY", "s3cr3t"), binding.JSONVar("RETRIES", "3"))
	if err != nil {
		log.Fatal(err)
	}
	got, err := want.Without("RETRIES").With(binding.Secret("API_KEY", "other"), binding.Var("HOST", "a"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(want.Diff(got)) // names only, no values
	// Output:
	// ~ API_KEY (plain_text)
	// + HOST (plain_text)
	// - RETRIES (json)
}

func ExampleEnv_Values() {
	env, err := binding.NewEnv(binding.Secret("API_KEY", "s3cr3t"), binding.JSONVar("RETRIES", `{"max": 3}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env.Values())
	// Output:
	// map[API_KEY:s3cr3t RETRIES:map[max:3]]
}

func ExampleEnv_RevealJSON() {
	env, err := binding.NewEnv(binding.Secret("API_KEY", "s3cr3t"), binding.JSONVar("RETRIES", `{"max": 3}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", env.RevealJSON())
	// Output:
	// {"API_KEY":"s3cr3t","RETRIES":{"max":3}}
}

func ExampleParseBinding() {
	b, err := binding.ParseBinding([]byte(`{"name": "API_KEY", "type": "secret_text", "text": "s3cr3t"}`))
	fmt.Println(b, err)
	fmt.Printf("%s\n", b.RevealJSON())

	_, err = binding.ParseBinding([]byte(`{"name": "API_KEY", "type": "secret_text"}`))
	fmt.Println(err)
	// Output:
	// API_KEY (secret_text) <nil>
	// {"name":"API_KEY","type":"secret_text","text":"s3cr3t"}
	// API_KEY: not a binding in the form of Cloudflare's API: member "text" is missing or of another type
}

func ExampleValue() {
	config := struct{ key binding.Value }{binding.NewValue("s3cr3t")}
	fmt.Printf("%v %s %q\n", config.key, config.key, config.key)
	fmt.Println(config.key == binding.NewValue("s3cr3t"), config.key == binding.NewValue(""), config.key.IsZero())
	fmt.Println(config.key.Reveal())
	// Output:
	// [redacted] [redacted] [redacted]
	// true false false
	// s3cr3t
}

func ExampleLimits_Check() {
	set, err := binding.NewSet(binding.Var("A", "a long text"), binding.Secret("B", "b"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(binding.FreePlan().Check(set))
	fmt.Println(binding.Limits{Bindings: 1, ValueBytes: 10}.Check(set))
	// Output:
	// <nil>
	// 2 vars and secrets are more than 1; A: value is larger than 10 bytes
}

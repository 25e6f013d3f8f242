package devvars_test

import (
	"errors"
	"fmt"

	"github.com/workerenv/workerenv/devvars"
)

func ExampleExpand() {
	f := devvars.Parse([]byte(`HOST=localhost
URL=http://${HOST}:${PORT:-8787}/
PRICE='\$5'
`))
	e, err := devvars.Expand(f.All(), devvars.ExpandOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for key, value := range e.All() {
		fmt.Printf("%s = %q\n", key, value)
	}
	// Output:
	// HOST = "localhost"
	// URL = "http://localhost:8787/"
	// PRICE = "$5"
}

// The variables of several files are passed one file after the other. The last value of a key is used in all of them.
func ExampleExpand_files() {
	files := []*devvars.File{
		devvars.Parse([]byte("HOST=localhost\nURL=https://$HOST/\n")), // .env
		devvars.Parse([]byte("HOST=example.com\n")),                   // .env.local
	}
	vars := func(yield func(key, value string) bool) {
		for _, f := range files {
			for key, value := range f.All() {
				if !yield(key, value) {
					return
				}
			}
		}
	}
	e, err := devvars.Expand(vars, devvars.ExpandOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	url, _ := e.Lookup("URL")
	fmt.Println(url)
	// Output: https://example.com/
}

// The error for a value that wrangler fails on contains the key, and nothing of the value.
func ExampleExpandError() {
	f := devvars.Parse([]byte("A=1\nLIST=x$valueOf\n"))
	_, err := devvars.Expand(f.All(), devvars.ExpandOptions{})
	var failed *devvars.ExpandError
	if errors.As(err, &failed) {
		fmt.Println(failed.Key, errors.Is(err, devvars.ErrExpandBuiltin))
	}
	fmt.Println(err)
	// Output:
	// LIST true
	// LIST: name of a built-in property of JavaScript objects
}

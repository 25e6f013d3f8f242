package watch_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/workerenv/workerenv/wrangler"
	"github.com/workerenv/workerenv/wrangler/watch"
)

// An emulator that gets each new env of a project.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	devVars := filepath.Join(dir, ".dev.vars")
	if err := os.WriteFile(devVars, []byte("HOST=one.example"), 0o600); err != nil {
		log.Fatal(err)
	}

	for resolution, err := range watch.Dev(context.Background(), wrangler.Options{Dir: dir}, wrangler.DevOptions{}) {
		if err != nil {
			log.Print(err)
			continue
		}
		env, _ := resolution.Env()
		fmt.Println(env.Get("HOST"))
		if env.Get("HOST") == "two.example" {
			break // or end the context
		}
		if err := os.WriteFile(devVars, []byte("HOST=two.example"), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// one.example
	// two.example
}

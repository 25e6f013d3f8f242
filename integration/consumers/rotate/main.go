// Command rotate replaces secrets in a .dev.vars file by new random ones. All other text stays.
//
//	rotate FILE KEY...
package main

import (
	"crypto/rand"
	"fmt"
	"os"

	"github.com/workerenv/workerenv/devvars"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: rotate FILE KEY...")
		os.Exit(2)
	}
	if err := rotate(os.Args[1], os.Args[2:], rand.Text); err != nil {
		fmt.Fprintln(os.Stderr, "rotate:", err)
		os.Exit(1)
	}
}

// rotate gives each of keys a new secret, or changes nothing and fails.
func rotate(file string, keys []string, newSecret func() string) error {
	f, err := devvars.ReadFile(file)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if _, ok := f.Lookup(key); !ok {
			return fmt.Errorf("%s has no key %s", file, key)
		}
		if err := f.Set(key, newSecret()); err != nil {
			return err // names the key, not the value
		}
	}
	return f.WriteFile(file)
}

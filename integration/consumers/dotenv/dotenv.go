// Package dotenv has the functions Read, Load and Overload of github.com/joho/godotenv, which read
// what wrangler dev would read.
package dotenv

import (
	"os"

	"github.com/workerenv/workerenv/wrangler"
)

// Read returns the vars and secrets of the project in the working directory. If files are named, they
// take the place of .dev.vars and .env, as with wrangler's --env-file; the last one that has a name
// wins.
func Read(files ...string) (map[string]string, error) {
	env, err := wrangler.DevEnv(wrangler.Options{Environ: os.Environ(), EnvFiles: files})
	return env.Map(), err
}

// Load sets the environment variables that Read returns and that are not set yet.
func Load(files ...string) error { return set(files, false) }

// Overload sets the environment variables that Read returns.
func Overload(files ...string) error { return set(files, true) }

func set(files []string, replace bool) error {
	vars, err := Read(files...)
	for name, value := range vars {
		if _, ok := os.LookupEnv(name); ok && !replace {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return err
}

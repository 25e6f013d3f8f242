// Command emulator answers requests with the env of a Workers project, and follows the changes of
// its files.
//
//	emulator [DIR]
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
	"github.com/workerenv/workerenv/wrangler/watch"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := wrangler.Options{Environ: os.Environ()}
	if len(os.Args) > 1 {
		o.Dir = os.Args[1]
	}
	e := new(emulator)
	go func() { log.Fatal(http.ListenAndServe("localhost:8787", e)) }()
	e.follow(ctx, o, func(err error) { log.Print(err) })
}

// emulator stands for a Worker that greets with its var GREETING.
type emulator struct{ env atomic.Pointer[binding.Env] }

func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	env := e.env.Load() // one env for the whole request
	if env == nil {
		http.Error(w, "the project cannot be read yet", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, env.Get("GREETING"), env.Names())
}

// follow uses each new env until ctx is done. While the project is broken, the last env stays in use.
func (e *emulator) follow(ctx context.Context, o wrangler.Options, report func(error)) {
	for resolution, err := range watch.Dev(ctx, o, wrangler.DevOptions{}) {
		if err != nil {
			report(err)
			continue
		}
		env, err := resolution.Env()
		if err != nil {
			report(err)
			continue
		}
		e.env.Store(&env)
	}
}

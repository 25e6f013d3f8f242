package controlplane

import (
	"context"
	"net/http"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// call is one request on its way through an endpoint.
type call struct {
	h       *Handler
	r       *http.Request
	params  map[string]string // what the names in the route's pattern stand for
	account *account          // nil for a route that belongs to none
}

// endpoint answers the requests of a route.
type endpoint func(*call) (answer, error)

// query makes an endpoint of a function that needs no body.
func query[Result any](f func(*call) (Result, error)) endpoint {
	return func(c *call) (answer, error) {
		result, err := f(c)
		if err != nil {
			return answer{}, err
		}
		return succeeded(result), nil
	}
}

// command makes an endpoint of a function that takes the JSON body of a request.
func command[Body, Result any](f func(*call, Body) (Result, error)) endpoint {
	return func(c *call) (answer, error) {
		var body Body
		if err := c.decode(&body); err != nil {
			return answer{}, err
		}
		return query(func(c *call) (Result, error) { return f(c, body) })(c)
	}
}

func (c *call) ctx() context.Context { return c.r.Context() }

// complete keeps a client that goes away from ending the call: what takes more than one step is done whole.
func (c *call) complete() { c.r = c.r.WithContext(context.WithoutCancel(c.r.Context())) }

// script is the name of the Worker that the path speaks of.
func (c *call) script() string { return c.params["script"] }

// history opens the history of the Worker that the path speaks of.
func (c *call) history() (*version.History, error) { return c.account.Open(c.ctx(), c.script()) }

// snapshot reads the history of the Worker that the path speaks of.
func (c *call) snapshot() (version.Snapshot, error) {
	h, err := c.history()
	if err != nil {
		return version.Snapshot{}, err
	}
	return h.Read(c.ctx())
}

// update changes the Worker that the path speaks of.
func (c *call) update(f func(*version.Tx) error) error {
	h, err := c.history()
	if err != nil {
		return err
	}
	_, err = h.Update(c.ctx(), f)
	return err
}

// meta says who makes the request, with annotations that the request gives.
func (c *call) meta(given annotations) version.Meta {
	return version.Meta{Source: source(c.r.UserAgent()), Author: c.h.o.Author, Annotations: given.clean()}
}

// source is the tool that a User-Agent belongs to, in the words of the API.
func source(agent string) string {
	switch agent = strings.ToLower(agent); {
	case strings.HasPrefix(agent, "wrangler/"):
		return "wrangler"
	case strings.Contains(agent, "terraform"):
		return "terraform"
	}
	return "api"
}

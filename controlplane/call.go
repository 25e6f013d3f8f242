package controlplane

import (
	"context"
	"net/http"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// call is a request that an endpoint serves.
type call struct {
	h       *Handler
	r       *http.Request
	account *account // nil for a route that belongs to no account
}

func (c *call) ctx() context.Context { return c.r.Context() }

// finish keeps a client that goes away from canceling the rest of the call, for changes that take
// several steps.
func (c *call) finish() {
	c.r = c.r.WithContext(context.WithoutCancel(c.r.Context()))
}

// query returns a parameter of the query, "" if there is none.
func (c *call) query(key string) string { return c.r.URL.Query().Get(key) }

// script is the name of the Worker in the path.
func (c *call) script() string { return c.r.PathValue("script") }

// history opens the history of the Worker in the path.
func (c *call) history() (*version.History, error) { return c.account.Open(c.ctx(), c.script()) }

// update changes the Worker in the path.
func (c *call) update(f func(*version.Tx) error) error {
	h, err := c.history()
	if err != nil {
		return err
	}
	_, err = h.Update(c.ctx(), f)
	return err
}

// updateTo changes the Worker in the path and returns the result of f.
func updateTo[T any](c *call, f func(*version.Tx) (T, error)) (result T, err error) {
	err = c.update(func(tx *version.Tx) error {
		result, err = f(tx)
		return err
	})
	return result, err
}

// meta returns the author and the source of a change, with the annotations of the request.
func (c *call) meta(given annotations) version.Meta {
	return version.Meta{Source: source(c.r.UserAgent()), Author: c.h.o.Author, Annotations: given.clean()}
}

// source returns the API's name for the tool that sends a User-Agent.
func source(agent string) string {
	switch agent = strings.ToLower(agent); {
	case strings.HasPrefix(agent, "wrangler/"):
		return "wrangler"
	case strings.Contains(agent, "terraform"):
		return "terraform"
	}
	return "api"
}

// endpoint serves the requests of a route. Its result is the member "result" of the answer, a page,
// or a whole answer.
type endpoint func(*call) (any, error)

// withBody returns the endpoint of a function that takes the JSON body of the request.
func withBody[Body any](f func(*call, Body) (any, error)) endpoint {
	return func(c *call) (any, error) {
		var body Body
		if err := c.decode(&body); err != nil {
			return nil, err
		}
		return f(c, body)
	}
}

// withSnapshot returns the endpoint of a function that takes the state of the Worker in the path.
func withSnapshot(f func(*call, version.Snapshot) (any, error)) endpoint {
	return func(c *call) (any, error) {
		h, err := c.history()
		if err != nil {
			return nil, err
		}
		s, err := h.Read(c.ctx())
		if err != nil {
			return nil, err
		}
		return f(c, s)
	}
}

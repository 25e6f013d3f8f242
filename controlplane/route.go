package controlplane

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// prefix is the path of Cloudflare's API.
const prefix = "/client/v4/"

// The beginnings of patterns.
const (
	accountPath = "accounts/{account}"
	workersPath = accountPath + "/workers"
	scriptPath  = workersPath + "/scripts/{script}"
	servicePath = workersPath + "/services/{script}"
	workerPath  = workersPath + "/workers/{script}"
	pagesPath   = accountPath + "/pages/projects"

	assetUploadPath = workersPath + "/assets/upload" // which takes the token of an upload session
)

// route is a method and a path below prefix, with the endpoint that serves it. In the pattern,
// {name} stands for one segment that is not empty.
type route struct {
	method  string
	pattern string
	serve   endpoint
}

// routes are all routes of a Handler, by the files that serve them. Of two that match, the first counts.
var routes = []route{
	// auth.go
	{"GET", "user", getUser},
	{"GET", "user/tokens/verify", verifyToken},
	{"GET", "accounts", listAccounts},
	{"GET", accountPath, getAccount},
	{"GET", "memberships", listMemberships},

	// scripts.go
	{"GET", servicePath, getService},
	{"DELETE", servicePath, deleteWorker},
	{"GET", workersPath + "/scripts", listScripts},
	{"GET", workersPath + "/scripts-search", searchScripts},
	{"PUT", scriptPath, putScript},
	{"DELETE", scriptPath, deleteWorker},

	// content.go
	{"GET", servicePath + "/environments/production/content", withSnapshot(getContent)},
	{"GET", scriptPath, withSnapshot(getContent)},
	{"PUT", scriptPath + "/content", putContent},
	{"GET", scriptPath + "/content/v2", withSnapshot(getContent)},

	// versions.go
	{"GET", scriptPath + "/versions", withSnapshot(listVersions)},
	{"POST", scriptPath + "/versions", uploadVersion},
	{"GET", scriptPath + "/versions/{version}", withSnapshot(getVersion)},

	// deployments.go
	{"GET", scriptPath + "/deployments", withSnapshot(listDeployments)},
	{"POST", scriptPath + "/deployments", withBody(createDeployment)},
	{"GET", scriptPath + "/deployments/{deployment}", withSnapshot(getDeployment)},
	{"DELETE", scriptPath + "/deployments/{deployment}", deleteDeployment},

	// secrets.go
	{"GET", scriptPath + "/secrets", withSnapshot(listSecrets)},
	{"PUT", scriptPath + "/secrets", withBody(putSecret)},
	{"GET", scriptPath + "/secrets/{secret}", withSnapshot(getSecret)},
	{"DELETE", scriptPath + "/secrets/{secret}", deleteSecret},
	{"PATCH", scriptPath + "/secrets-bulk", withBody(patchSecrets)},

	// settings.go
	{"GET", scriptPath + "/settings", withSnapshot(getSettings)},
	{"PATCH", scriptPath + "/settings", patchSettings},
	{"GET", scriptPath + "/bindings", withSnapshot(listBindings)},
	{"GET", scriptPath + "/script-settings", withSnapshot(getScriptSettings)},
	{"PATCH", scriptPath + "/script-settings", withBody(patchScriptSettings)},

	// workers.go: the beta API
	{"GET", workersPath + "/workers", listWorkers},
	{"POST", workersPath + "/workers", withBody(createWorker)},
	{"GET", workerPath, byID(getWorker)},
	{"PUT", workerPath, byID(withBody(replaceWorker))},
	{"PATCH", workerPath, byID(withBody(patchWorker))},
	{"DELETE", workerPath, byID(deleteWorker)},

	// workerversions.go: the beta API
	{"GET", workerPath + "/versions", byID(withSnapshot(listWorkerVersions))},
	{"POST", workerPath + "/versions", byID(uploadWorkerVersion)},
	{"GET", workerPath + "/versions/{version}", byID(withSnapshot(getWorkerVersion))},
	{"DELETE", workerPath + "/versions/{version}", byID(deleteWorkerVersion)},
	{"PATCH", workerPath + "/versions/latest", byID(withBody(patchLatest))},

	// references.go
	{"GET", scriptPath + "/references", getReferences},

	// subdomain.go
	{"GET", workersPath + "/account-settings", getAccountSettings},
	{"PUT", workersPath + "/account-settings", withBody(putAccountSettings)},
	{"GET", workersPath + "/subdomain", getAccountSubdomain},
	{"PUT", workersPath + "/subdomain", withBody(putAccountSubdomain)},
	{"DELETE", workersPath + "/subdomain", deleteAccountSubdomain},
	{"GET", workersPath + "/subdomains/{subdomain}", checkSubdomain},
	{"GET", scriptPath + "/subdomain", withSnapshot(getSubdomain)},
	{"POST", scriptPath + "/subdomain", withBody(setSubdomain)},
	{"DELETE", scriptPath + "/subdomain", deleteSubdomain},

	// triggers.go
	{"GET", scriptPath + "/schedules", withSnapshot(getSchedules)},
	{"PUT", scriptPath + "/schedules", withBody(putSchedules)},
	{"GET", accountPath + "/workflows/{workflow}", getWorkflow},
	{"PUT", accountPath + "/workflows/{workflow}", withBody(putWorkflow)},

	// domains.go
	{"POST", scriptPath + "/domains/changeset", withBody(compareDomains)},
	{"PUT", scriptPath + "/domains/records", withBody(putDomains)},
	{"GET", workersPath + "/domains", listDomains},
	{"PUT", workersPath + "/domains", withBody(putDomain)},
	{"GET", workersPath + "/domains/{domain}", getDomain},
	{"GET", workersPath + "/domains/records/{domain}", getDomain},
	{"DELETE", workersPath + "/domains/{domain}", deleteDomain},

	// zones.go
	{"PUT", scriptPath + "/routes", withBody(putRoutes)},
	{"GET", "zones", listZones},
	{"GET", "zones/{zone}", withZone(getZone)},
	{"GET", "zones/{zone}/workers/routes", withZone(listZoneRoutes)},
	{"POST", "zones/{zone}/workers/routes", withZone(createZoneRoute)},
	{"GET", "zones/{zone}/workers/routes/{route}", withZone(getZoneRoute)},
	{"PUT", "zones/{zone}/workers/routes/{route}", withZone(replaceZoneRoute)},
	{"DELETE", "zones/{zone}/workers/routes/{route}", withZone(deleteZoneRoute)},

	// assets.go
	{"POST", scriptPath + "/assets-upload-session", withBody(startAssets)},
	{"POST", assetUploadPath, uploadAssets},

	// pages.go
	{"GET", pagesPath, listProjects},
	{"POST", pagesPath, withBody(createProject)},
	{"GET", pagesPath + "/{project}", getProject},
	{"PATCH", pagesPath + "/{project}", withBody(patchProject)},
	{"DELETE", pagesPath + "/{project}", deleteProject},

	// resources.go: other products, as far as wrangler uses them
	{"GET", scriptPath + "/queue-consumers", listWorkerConsumers},
	{"GET", accountPath + "/queues", listQueues},
	{"GET", accountPath + "/queues/{queue}", getQueue},
	{"GET", accountPath + "/queues/{queue}/consumers", listConsumers},
	{"POST", accountPath + "/queues/{queue}/consumers", withBody(putConsumer)},
	{"GET", accountPath + "/queues/{queue}/consumers/{consumer}", getConsumer},
	{"PUT", accountPath + "/queues/{queue}/consumers/{consumer}", withBody(putConsumer)},
	{"DELETE", accountPath + "/queues/{queue}/consumers/{consumer}", deleteConsumer},
	{"GET", accountPath + "/r2/buckets/{bucket}", getBucket},
	{"GET", accountPath + "/d1/database/{database}", getDatabase},
	{"GET", workersPath + "/durable_objects/namespaces", listNothing},
	{"GET", accountPath + "/storage/kv/namespaces", listNothing},
	{"GET", scriptPath + "/tails", withSnapshot(listNone)},
	{"GET", workersPath + "/tails/by-consumer/{script}", listNothing},
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

// remoteDev is what wrangler and the Vite plugin need for bindings with "remote": true, too.
const remoteDev = "remote development and remote bindings"

// notModeledPaths are paths of Cloudflare's API that are refused with all paths below them, and
// what they are about.
var notModeledPaths = []struct{ pattern, what string }{
	{workerPath + "/previews", "Worker Previews"},
	{scriptPath + "/edge-preview", remoteDev},
	{scriptPath + "/subdomain/edge-preview", remoteDev},
	{workersPath + "/subdomain/edge-preview", remoteDev},
	{"zones/{zone}/workers/edge-preview", remoteDev},
	{scriptPath + "/tails", "tails of Workers"},
	{scriptPath + "/usage-model", "usage models of Workers"},
	{servicePath + "/environments", "environments of Workers"},
	{workersPath + "/dispatch", "Workers for Platforms"},
	{workersPath + "/durable_objects", "Durable Objects"},
	{workersPath + "/observability", "the logs of Workers"},
	{workersPath + "/placement", "regions of placements"},
	{pagesPath + "/{project}/deployments", "deployments of Pages projects"},
	{pagesPath + "/{project}/upload-token", "deployments of Pages projects"},
	{pagesPath + "/{project}/purge_build_cache", "deployments of Pages projects"},
	{pagesPath + "/{project}/domains", "custom domains of Pages projects"},
	{"pages/assets", "deployments of Pages projects"},
	{accountPath + "/containers", "Containers"},
	{accountPath + "/d1", "D1"},
	{accountPath + "/queues", "Queues"},
	{accountPath + "/r2", "R2"},
	{accountPath + "/secrets_store", "the Secrets Store"},
	{accountPath + "/storage", "KV"},
	{accountPath + "/workflows", "Workflows"},
}

// noRoute is the endpoint of all requests that have no route.
func noRoute(c *call) (any, error) {
	path, _ := strings.CutPrefix(c.r.URL.EscapedPath(), prefix)
	for _, p := range notModeledPaths {
		n := strings.Count(p.pattern, "/") + 1
		segments := strings.SplitN(path, "/", n+1)
		if len(segments) < n {
			continue
		}
		if _, ok := match(p.pattern, strings.Join(segments[:n], "/")); ok {
			return nil, notModeled(p.what)
		}
	}
	var methods []string
	for _, r := range c.h.candidates(c.r) {
		if _, ok := match(r.pattern, path); ok {
			methods = append(methods, r.method)
		}
	}
	if len(methods) > 0 {
		return nil, errMethod(methods)
	}
	return nil, errNoRoute(c.r)
}

// Routes returns what a [Handler] serves: methods and paths below /client/v4, such as "PUT
// /accounts/{account}/workers/scripts/{script}". A name in braces stands for one segment that is not
// empty.
func Routes() []string {
	list := make([]string, len(routes))
	for i, r := range routes {
		list[i] = r.String()
	}
	return list
}

// Route returns the one of [Routes] that serves r, "" if there is none.
func (h *Handler) Route(r *http.Request) string {
	found, _ := h.findRoute(r)
	return found.String()
}

// String returns the route as in Routes, "" for a route without a pattern.
func (r route) String() string {
	if r.pattern == "" {
		return ""
	}
	return r.method + " /" + r.pattern
}

// findRoute returns the route of a request and its path values. [http.ServeMux] would not do: it
// redirects paths with a name "." or "..", and takes HEAD for GET.
func (h *Handler) findRoute(r *http.Request) (route, map[string]string) {
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), prefix)
	for _, found := range h.candidates(r) {
		if found.method != r.Method {
			continue
		}
		if values, ok := match(found.pattern, path); ok {
			return found, values
		}
	}
	return route{serve: noRoute}, nil
}

// candidates returns the routes whose paths have as many segments as that of a request.
func (h *Handler) candidates(r *http.Request) []route {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), prefix)
	if !ok {
		return nil
	}
	return h.routes[strings.Count(path, "/")]
}

// match returns the unescaped segments of a path that the names in a pattern stand for, and whether
// the path matches. It has as many segments as the pattern.
func match(pattern, path string) (map[string]string, bool) {
	values := make(map[string]string)
	segments := strings.Split(path, "/")
	for i, want := range strings.Split(pattern, "/") {
		if want[0] != '{' {
			if segments[i] != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		values[strings.Trim(want, "{}")] = value
	}
	return values, true
}

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

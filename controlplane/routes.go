package controlplane

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
	{"POST", "zones/{zone}/workers/routes", withZone(putZoneRoute)},
	{"GET", "zones/{zone}/workers/routes/{route}", withZone(getZoneRoute)},
	{"PUT", "zones/{zone}/workers/routes/{route}", withZone(putZoneRoute)},
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

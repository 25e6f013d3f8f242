package controlplane

import "slices"

// The patterns that others begin with.
const (
	workersPath = "accounts/{account}/workers/"
	scriptPath  = workersPath + "scripts/{script}"
	servicePath = workersPath + "services/{script}"
	workerPath  = workersPath + "workers/{script}"
	pagesPath   = "accounts/{account}/pages/projects"
)

// routes returns all that a Handler answers. Where two patterns fit a path, the first one holds.
func routes() []route {
	return slices.Concat(userRoutes(), scriptRoutes(), versionRoutes(), settingRoutes(), workerRoutes(), triggerRoutes(), resourceRoutes(), pagesRoutes(), otherRoutes())
}

// userRoutes are those about who the token belongs to.
func userRoutes() []route {
	return []route{
		{"GET", "user", query(getUser)},
		{"GET", "user/tokens/verify", verifyToken},
		{"GET", "accounts", query(listAccounts)},
		{"GET", "accounts/{account}", query(getAccount)},
		{"GET", "memberships", query(listMemberships)},
	}
}

// scriptRoutes are those about Workers as scripts and services.
func scriptRoutes() []route {
	return []route{
		{"GET", servicePath, query(getService)},
		{"DELETE", servicePath, query(deleteWorker)},
		{"GET", servicePath + "/environments/production/content", query(getContent)},
		{"GET", workersPath + "scripts", query(listScripts)},
		{"GET", workersPath + "scripts-search", query(searchScripts)},
		{"PUT", scriptPath, query(putScript)},
		{"GET", scriptPath, query(getContent)},
		{"PUT", scriptPath + "/content", query(putContent)},
		{"GET", scriptPath + "/content/v2", query(getContent)},
		{"DELETE", scriptPath, query(deleteWorker)},
		{"POST", scriptPath + "/assets-upload-session", command(startAssets)},
		{"POST", workersPath + "assets/upload", putAssets},
	}
}

// versionRoutes are those about versions, deployments and secrets of scripts.
func versionRoutes() []route {
	return []route{
		{"GET", scriptPath + "/versions", query(listVersions)},
		{"POST", scriptPath + "/versions", query(uploadVersion)},
		{"GET", scriptPath + "/versions/{version}", query(getVersion)},
		{"GET", scriptPath + "/deployments", query(listDeployments)},
		{"POST", scriptPath + "/deployments", command(createDeployment)},
		{"GET", scriptPath + "/deployments/{deployment}", query(getDeployment)},
		{"DELETE", scriptPath + "/deployments/{deployment}", query(deleteDeployment)},
		{"GET", scriptPath + "/secrets", query(listSecrets)},
		{"PUT", scriptPath + "/secrets", command(putSecret)},
		{"GET", scriptPath + "/secrets/{secret}", query(getSecret)},
		{"DELETE", scriptPath + "/secrets/{secret}", query(deleteSecret)},
		{"PATCH", scriptPath + "/secrets-bulk", command(patchSecrets)},
	}
}

// settingRoutes are those about what no version has, and about the settings of the latest one.
func settingRoutes() []route {
	return []route{
		{"GET", scriptPath + "/settings", query(getSettings)},
		{"PATCH", scriptPath + "/settings", query(patchSettings)},
		{"GET", scriptPath + "/script-settings", query(getScriptSettings)},
		{"PATCH", scriptPath + "/script-settings", command(patchScriptSettings)},
		{"GET", workersPath + "subdomain", query(getAccountSubdomain)},
		{"PUT", workersPath + "subdomain", command(setAccountSubdomain)},
		{"DELETE", workersPath + "subdomain", query(deleteAccountSubdomain)},
		{"GET", workersPath + "subdomains/{subdomain}", query(checkSubdomain)},
		{"GET", scriptPath + "/subdomain", query(getSubdomain)},
		{"POST", scriptPath + "/subdomain", command(setSubdomain)},
		{"DELETE", scriptPath + "/subdomain", query(deleteSubdomain)},
	}
}

// triggerRoutes are those about what makes a Worker run.
func triggerRoutes() []route {
	return []route{
		{"GET", scriptPath + "/schedules", query(getSchedules)},
		{"PUT", scriptPath + "/schedules", command(putSchedules)},
		{"PUT", scriptPath + "/routes", command(putRoutes)},
		{"POST", scriptPath + "/domains/changeset", command(compareDomains)},
		{"PUT", scriptPath + "/domains/records", command(putDomains)},
		{"GET", workersPath + "domains", query(listDomains)},
		{"GET", "zones", query(listZones)},
		{"GET", "zones/{zone}/workers/routes", query(listZoneRoutes)},
		{"GET", "accounts/{account}/workflows/{workflow}", query(getWorkflow)},
		{"PUT", "accounts/{account}/workflows/{workflow}", command(putWorkflow)},
	}
}

// resourceRoutes are those about resources of other products, which wrangler asks for before it binds them.
func resourceRoutes() []route {
	return []route{
		{"GET", "accounts/{account}/queues", query(listQueues)},
		{"POST", "accounts/{account}/queues/{queue}/consumers", command(addConsumer)},
		{"GET", "accounts/{account}/r2/buckets/{bucket}", query(getBucket)},
		{"GET", "accounts/{account}/d1/database/{database}", query(getDatabase)},
		{"GET", workersPath + "durable_objects/namespaces", query(nothing)},
		{"GET", "accounts/{account}/storage/kv/namespaces", query(nothing)},
	}
}

// workerRoutes are those of the beta part of the API.
func workerRoutes() []route {
	return []route{
		{"GET", workersPath + "workers", query(listWorkers)},
		{"POST", workersPath + "workers", command(createWorker)},
		{"GET", workerPath, byID(query(getWorker))},
		{"PUT", workerPath, byID(command(replaceWorker))},
		{"PATCH", workerPath, byID(command(patchWorker))},
		{"DELETE", workerPath, byID(query(deleteWorker))},
		{"GET", workerPath + "/versions", byID(query(listWorkerVersions))},
		{"POST", workerPath + "/versions", byID(query(uploadWorkerVersion))},
		{"GET", workerPath + "/versions/{version}", byID(query(getWorkerVersion))},
		{"DELETE", workerPath + "/versions/{version}", byID(query(deleteVersion))},
		{"PATCH", workerPath + "/versions/latest", byID(command(patchLatest))},
	}
}

// pagesRoutes are those of Pages.
func pagesRoutes() []route {
	return []route{
		{"GET", pagesPath, query(listProjects)},
		{"POST", pagesPath, command(createProject)},
		{"GET", pagesPath + "/{project}", query(getProject)},
		{"PATCH", pagesPath + "/{project}", command(patchProject)},
		{"DELETE", pagesPath + "/{project}", query(deleteProject)},
	}
}

// otherRoutes are what clients ask before they delete a Worker.
func otherRoutes() []route {
	return []route{
		{"GET", scriptPath + "/references", query(getReferences)},
		{"GET", workersPath + "tails/by-consumer/{script}", query(nothing)},
	}
}

// nothing lists what no account has here: tails, and resources of other products.
func nothing(*call) (paged, error) { return paged{[]string{}, resultInfo{Page: 1, PerPage: 100}}, nil }

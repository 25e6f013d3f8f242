package controlplane

// routes returns all that a Handler answers. Where two patterns fit a path, the first one holds.
func routes() []route {
	const (
		workers = "accounts/{account}/workers/"
		script  = workers + "scripts/{script}"
		service = workers + "services/{script}"
		worker  = workers + "workers/{script}"
		pages   = "accounts/{account}/pages/projects"
	)
	return []route{
		{"GET", "user", query(getUser)},
		{"GET", "user/tokens/verify", verifyToken},
		{"GET", "accounts", query(listAccounts)},
		{"GET", "accounts/{account}", query(getAccount)},
		{"GET", "memberships", query(listMemberships)},

		{"GET", service, query(getService)},
		{"DELETE", service, query(deleteWorker)},
		{"GET", service + "/environments/production/content", query(getContent)},

		{"GET", workers + "scripts", query(listScripts)},
		{"GET", workers + "scripts-search", query(searchScripts)},
		{"PUT", script, query(putScript)},
		{"GET", script, query(getContent)},
		{"PUT", script + "/content", query(putContent)},
		{"GET", script + "/content/v2", query(getContent)},
		{"DELETE", script, query(deleteWorker)},

		{"GET", script + "/versions", query(listVersions)},
		{"POST", script + "/versions", query(uploadVersion)},
		{"GET", script + "/versions/{version}", query(getVersion)},

		{"GET", script + "/deployments", query(listDeployments)},
		{"POST", script + "/deployments", command(createDeployment)},
		{"GET", script + "/deployments/{deployment}", query(getDeployment)},
		{"DELETE", script + "/deployments/{deployment}", query(deleteDeployment)},

		{"GET", script + "/secrets", query(listSecrets)},
		{"PUT", script + "/secrets", command(putSecret)},
		{"GET", script + "/secrets/{secret}", query(getSecret)},
		{"DELETE", script + "/secrets/{secret}", query(deleteSecret)},
		{"PATCH", script + "/secrets-bulk", command(patchSecrets)},

		{"GET", script + "/settings", query(getSettings)},
		{"PATCH", script + "/settings", query(patchSettings)},
		{"GET", script + "/script-settings", query(getScriptSettings)},
		{"PATCH", script + "/script-settings", command(patchScriptSettings)},

		{"GET", workers + "subdomain", query(getAccountSubdomain)},
		{"PUT", workers + "subdomain", command(setAccountSubdomain)},
		{"DELETE", workers + "subdomain", query(deleteAccountSubdomain)},
		{"GET", workers + "subdomains/{subdomain}", query(checkSubdomain)},
		{"GET", script + "/subdomain", query(getSubdomain)},
		{"POST", script + "/subdomain", command(setSubdomain)},
		{"DELETE", script + "/subdomain", query(deleteSubdomain)},
		{"GET", script + "/schedules", query(getSchedules)},
		{"PUT", script + "/schedules", command(putSchedules)},

		{"GET", workers + "workers", query(listWorkers)},
		{"POST", workers + "workers", command(createWorker)},
		{"GET", worker, byID(query(getWorker))},
		{"PUT", worker, byID(command(replaceWorker))},
		{"PATCH", worker, byID(command(patchWorker))},
		{"DELETE", worker, byID(query(deleteWorker))},
		{"GET", worker + "/versions", byID(query(listWorkerVersions))},
		{"POST", worker + "/versions", byID(query(uploadWorkerVersion))},
		{"GET", worker + "/versions/{version}", byID(query(getWorkerVersion))},
		{"DELETE", worker + "/versions/{version}", byID(query(deleteVersion))},
		{"PATCH", worker + "/versions/latest", byID(command(patchLatest))},

		{"GET", pages, query(listProjects)},
		{"POST", pages, command(createProject)},
		{"GET", pages + "/{project}", query(getProject)},
		{"PATCH", pages + "/{project}", command(patchProject)},
		{"DELETE", pages + "/{project}", query(deleteProject)},

		{"GET", script + "/references", query(getReferences)},
		{"GET", workers + "tails/by-consumer/{script}", query(nothing)},
		{"GET", workers + "durable_objects/namespaces", query(nothing)},
		{"GET", "accounts/{account}/storage/kv/namespaces", query(nothing)},
	}
}

// nothing lists what no account has here: tails, and resources of other products.
func nothing(*call) (paged, error) { return paged{[]string{}, resultInfo{Page: 1, PerPage: 100}}, nil }

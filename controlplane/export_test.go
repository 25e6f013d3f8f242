package controlplane

// Routes returns all routes, each as "GET accounts/{account}/workers/scripts".
func Routes() []string {
	var list []string
	for _, r := range routes {
		list = append(list, r.method+" "+r.pattern)
	}
	return list
}

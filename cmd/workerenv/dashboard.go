package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/internal/hostname"
	"github.com/workerenv/workerenv/wrangler"
)

// apiPath is the path of Cloudflare's API.
const apiPath = "/client/v4"

// newDashboard returns the dashboard of the account whose ID serve prints, and prints a link to it.
// Deployments need the required secrets, by the name of the Worker.
func (c command) newDashboard(api *controlplane.Handler, l *listener, f serviceFlags, required map[string][]string,
	logger *slog.Logger) *dashboard.Handler {
	print := func(path string) {
		fmt.Fprintf(c.stderr, "workerenv: dashboard: %s%s\n", strings.TrimSuffix(l.url, apiPath), path)
	}
	pages := dashboard.New(dashboard.Options{
		Account:   api.Account(cmp.Or(f.account, anyAccount)),
		Hosts:     l.hosts(f.addr),
		Author:    owner,
		PrintLink: print,
		ReadOnly:  f.readOnly,
		Required:  func(worker string) []string { return required[worker] },
		Logger:    logger,
	})
	print(pages.SignInPath())
	return pages
}

// requiredSecrets returns the names in secrets.required by the names of Workers: those of the projects
// in the directories dirs, for the top level of their configurations and for each environment.
func (c command) requiredSecrets(dirs []string) (map[string][]string, error) {
	required := make(map[string][]string)
	for _, dir := range dirs {
		environments := []string{""}
		for i := 0; i < len(environments); i++ {
			config, err := wrangler.Load(wrangler.Options{Dir: c.path(dir), Environment: &environments[i], Environ: c.environ})
			switch {
			case err != nil:
				return nil, err
			case !config.Exists():
				return nil, fmt.Errorf("%s has no wrangler.json, wrangler.jsonc or wrangler.toml", label(dir))
			case i == 0 && config.Path() == config.UserPath(): // a build tool's is for one environment
				environments = append(environments, config.Environments()...)
			}
			names, _ := config.RequiredSecrets()
			required[config.Name()] = append(required[config.Name()], names...)
		}
	}
	return required, nil
}

// hosts returns the hosts by which browsers can reach l: that of addr, and those of its certificate.
func (l *listener) hosts(addr string) []string {
	hosts := []string{hostname.Of(addr)}
	if l.tls != nil {
		leaf := l.tls.Certificates[0].Leaf
		hosts = append(hosts, leaf.DNSNames...)
		for _, ip := range leaf.IPAddresses {
			hosts = append(hosts, ip.String())
		}
	}
	return hosts
}

// withDashboard returns a handler of the API at its path and of the dashboard everywhere else.
func withDashboard(api, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == apiPath || strings.HasPrefix(r.URL.Path, apiPath+"/") {
			api.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

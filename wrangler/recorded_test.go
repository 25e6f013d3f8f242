package wrangler_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

// TestRecordedDev compares with `wrangler dev`: the Worker's env, and the required secrets that it warns of.
func TestRecordedDev(t *testing.T) {
	eachFixture(t, recorded, func(t *testing.T, f fixture) {
		var want recordedEnv
		if !f.read(t, "dev.json", &want) {
			t.Skip("not about wrangler dev")
		}
		r, err := resolve(f.commandLine(t), wrangler.DevOptions{Vars: f.CLIVars})
		requireEnv(t, f, want, r, err)
		if err == nil {
			require.Equal(t, missingSecrets(want.Warnings),
				keysOf(r, wrangler.RuleMissingSecret, "required secret (.*) is missing"))
		}
	})
}

// TestRecordedPages compares with `wrangler pages dev`.
func TestRecordedPages(t *testing.T) {
	eachFixture(t, recorded, func(t *testing.T, f fixture) {
		var want recordedEnv
		if !f.read(t, "pages.json", &want) {
			t.Skip("not about wrangler pages dev")
		}
		o := f.commandLine(t)
		o.Pages, o.Script = true, ""
		r, err := resolve(o, wrangler.DevOptions{PagesBindings: f.PagesBindings})
		requireEnv(t, f, want, r, err)
	})
}

// TestRecordedDeploy compares with `wrangler deploy`: the upload, and what it warns of.
func TestRecordedDeploy(t *testing.T) {
	eachFixture(t, recorded, func(t *testing.T, f fixture) {
		var want recordedUpload
		if !f.read(t, "deploy.json", &want) {
			t.Skip("not about wrangler deploy")
		}
		r, err := deploy(f.commandLine(t), f.deployOptions())
		requireUpload(t, want, r, err)
		if err != nil {
			return
		}
		conflicts := keysOf(r, wrangler.RuleRemoteSecret, "binding (.*) would replace")
		require.Subset(t, conflicts, remoteConflicts(want.Warnings))
		require.Subset(t, f.RemoteSecrets, conflicts)
		several := slices.ContainsFunc(want.Warnings,
			func(w string) bool { return strings.HasPrefix(w, "Multiple environments") })
		require.Equal(t, several, len(keysOf(r, wrangler.RuleManyEnvironments, "(.)")) > 0)
	})
}

func (f fixture) deployOptions() wrangler.DeployOptions {
	return wrangler.DeployOptions{
		Vars: f.CLIVars, SecretsFile: f.SecretsFile, KeepVars: f.KeepVars, NewWorker: f.NewWorker,
		RemoteSecrets: f.RemoteSecrets, Strict: f.Strict,
	}
}

// missingSecrets are the names that wrangler dev warned of.
func missingSecrets(warnings []string) []string {
	for _, w := range warnings {
		if _, list, ok := strings.Cut(w, "Missing required secrets: "); ok {
			list, _, _ = strings.Cut(list, ". Add them to")
			return strings.Split(list, ", ")
		}
	}
	return nil
}

// remoteConflicts are the names that wrangler deploy warned of. It does not check bindings of every kind.
func remoteConflicts(warnings []string) []string {
	var names []string
	for _, w := range warnings {
		if !strings.Contains(w, "existing remote secret") {
			continue
		}
		for _, m := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(w, -1) {
			names = append(names, m[1])
		}
	}
	return names
}

// keysOf returns what a pattern finds in the texts of the findings of a rule.
func keysOf(r *wrangler.Resolution, rule wrangler.Rule, pattern string) []string {
	var found []string
	for _, f := range r.Findings() {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(f.Text); f.Rule == rule && m != nil {
			found = append(found, m[1])
		}
	}
	return found
}

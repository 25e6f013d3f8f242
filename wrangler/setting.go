package wrangler

import (
	"slices"
	"strings"
)

// credentials are the variables with which wrangler uses the API.
var credentials = []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CF_API_TOKEN", "CF_API_KEY"}

// wranglerSettings are variables that change what wrangler does, and that a Worker has no use for. So
// are all that start with WRANGLER_ and those of Hyperdrive.
var wranglerSettings = []string{"CLOUDFLARE_ENV", "CLOUDFLARE_INCLUDE_PROCESS_ENV", "CLOUDFLARE_API_BASE_URL",
	"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV", "CLOUDFLARE_COMPLIANCE_REGION"}

func isWranglerSetting(name string) bool {
	return slices.Contains(wranglerSettings, name) || strings.HasPrefix(name, "WRANGLER_") ||
		strings.HasPrefix(name, hyperdriveVariable)
}

// processControls are variables that change how programs start.
var processControls = []string{
	"BASH_ENV", "CLASSPATH", "IFS", "LD_AUDIT", "LD_LIBRARY_PATH", "LD_PRELOAD", "NODE_OPTIONS", "NODE_PATH",
	"PATH", "PERL5LIB", "PERL5OPT", "PROMPT_COMMAND", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "RUBYLIB",
	"RUBYOPT", "GIT_SSH_COMMAND", "JAVA_TOOL_OPTIONS", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED",
}

// ControlsProcess reports whether a variable of this name changes how programs start, such as PATH
// and LD_PRELOAD.
func ControlsProcess(name string) bool {
	return slices.Contains(processControls, name) || strings.HasPrefix(name, "DYLD_")
}

// checkSettings reports bindings whose names have a meaning for wrangler, or for the programs of the
// command run.
func (r *resolver) checkSettings() {
	for name := range r.boundNames() {
		at := r.sourceOf(name)
		switch {
		case r.winner(name).Binding.Kind().IsResource() || at.Origin == FromFlag || at.Origin == FromRequired:
		case slices.Contains(credentials, name):
			severity, text := credentialText(at.Origin)
			r.report(at, severity, RuleCredentials, text)
		case isWranglerSetting(name) && (at.Origin == FromConfig || at.Origin == FromDevVars):
			r.report(at, SeverityWarning, RuleSetting, "wrangler reads this setting from the process environment and from "+
				".env in the directory where it runs, not from here; here it is only a binding of the Worker")
		case ControlsProcess(name) && at.Origin != FromProcess:
			r.report(at, SeverityNote, RuleProcessControl, "changes how programs start if the env becomes a process "+
				"environment; use another name")
		}
	}
}

// credentialText returns what to report for a binding with wrangler's own credentials.
func credentialText(origin Origin) (Severity, string) {
	text := "wrangler's own credentials are bound to the Worker, whose code can read them; "
	switch origin {
	case FromDevVars:
		return SeverityNote, "wrangler does not use what is in .dev.vars, and the code of the Worker can read it; " +
			"for wrangler itself, set it in the process environment"
	case FromProcess:
		return SeverityWarning, text + "list the variables that the Worker needs in secrets.required"
	case FromEnvFile:
		return SeverityWarning, text +
			"set them in the process environment, or put the secrets of the Worker into .dev.vars"
	}
	return SeverityWarning, text + "set them in the process environment"
}

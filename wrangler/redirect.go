package wrangler

// checkRedirect reports that a build tool's configuration is used instead of the user's, and a
// selected environment that has no effect on it.
func (p *project) checkRedirect() {
	if p.location.deploy == "" || p.settings == nil {
		return
	}
	failed, at := failures(p.findings) != nil, Source{File: p.files.display(p.location.deploy)}
	text := "wrangler reads " + p.files.display(p.location.config) + ", which a build tool generated for " +
		p.generatedFor()
	if p.location.user != "" {
		text += "; " + p.files.display(p.location.user) + " is not read"
	}
	p.findings = append(p.findings, at.finding(SeverityNote, RuleRedirected, text))
	if selected := p.selection(); selected != "" && valueOf(p.settings.TargetEnvironment) == "" && !failed {
		p.findings = append(p.findings, at.finding(SeverityWarning, RuleRedirectEnv, selected+" has no effect on vars "+
			"and bindings: "+p.files.display(p.location.config)+", where this file leads, was generated for the top "+
			"level; build again with CLOUDFLARE_ENV set to that environment, or delete this file"))
	}
}

// generatedFor says for which environment a build tool generated the configuration.
func (p *project) generatedFor() string {
	if target := valueOf(p.settings.TargetEnvironment); target != "" {
		return "the environment " + target
	}
	return "the top level"
}

// selection says how an environment is selected, "" if none is. It does not quote what a .env file
// assigns.
func (p *project) selection() string {
	if e := p.options.Environment; e != nil {
		if *e == "" {
			return ""
		}
		return "--env " + *e
	}
	v, ok := p.process.Get("CLOUDFLARE_ENV")
	switch {
	case !ok || v.value == "":
		return ""
	case v.in.Origin != FromProcess:
		return "CLOUDFLARE_ENV in " + v.source().String()
	}
	return "CLOUDFLARE_ENV=" + v.value
}

// valueOf returns the string that s points to, "" for nil.
func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

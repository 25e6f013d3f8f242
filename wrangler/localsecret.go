package wrangler

import (
	"cmp"
	"iter"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// offerLocal offers the local secrets.
func (r *resolver) offerLocal() error {
	l, err := r.readLocal()
	if err != nil {
		return err
	}
	r.locals = l
	r.findings = append(r.findings, l.warnings...)
	for _, f := range l.list {
		for e := range f.file.Assignments() {
			why := cmp.Or(f.unread, l.dropped(e.Key()))
			r.addAssignment(&f, e, e.Value(), remark{dropped: why, advice: f.advice})
		}
	}
	var findings []Finding
	read := l.readFiles()
	switch {
	case l.include:
		process, _ := r.processWith(func(string) bool { return true })
		r.addProcess(process)
		findings = r.useExpanded(read, process)
	case !l.devVars && needsExpansion(read):
		r.addIgnoredProcess()
		findings = r.useExpanded(read, &environ{})
	default: // the values need no expansion, which would take memory
		r.addIgnoredProcess()
		r.useUnchanged(read)
	}
	for _, f := range read { // after the expansion, whose memory is free now
		r.lint(f)
	}
	r.findings = append(r.findings, findings...)
	r.warnMissing()
	return nil
}

// readFiles returns the files that wrangler reads: one .dev.vars file, or .env files.
func (l *localFiles) readFiles() []localFile {
	return slices.DeleteFunc(slices.Clone(l.list), func(f localFile) bool { return f.unread != "" })
}

// useUnchanged makes the last assignments in files the bindings of their names.
func (r *resolver) useUnchanged(files []localFile) {
	for _, f := range files {
		for e := range f.file.Assignments() {
			if last := r.names[e.Key()].last(f.source.Origin); last != nil {
				r.use(last.source(), e.Key())
			}
		}
	}
}

// useExpanded makes the variables of a process environment and of .env files, with their references replaced,
// the bindings of their names. The findings are those of expand.
func (r *resolver) useExpanded(files []localFile, process *environ) []Finding {
	expansion, findings := expand(process, files)
	for name, value := range expansion.All() {
		if r.locals.dropped(name) == "" {
			r.useSecret(r.winningSource(name, process), name, value)
		}
	}
	return findings
}

// winningSource returns where a variable of process or of the .env files comes from.
func (r *resolver) winningSource(name string, process *environ) Source {
	inFile := r.names[name].last(FromEnvFile)
	if v, ok := process.Get(name); ok && (inFile == nil || v.beats(inFile.text())) {
		return v.source()
	}
	return inFile.source()
}

// addProcess adds the variables of a process environment that counts.
func (r *resolver) addProcess(process *environ) {
	for name, v := range r.locals.notInFiles(process) {
		inFile, why := r.names[name].last(FromEnvFile), r.locals.dropped(name)
		switch {
		case why != "" || inFile == nil || v.beats(inFile.text()):
		case v.value == "":
			why = ProcessEmpty
		default:
			why = ProcessSame
		}
		if why == "" || r.names[name] != nil {
			r.add(v.source(), binding.Secret(name, v.value), remark{dropped: why})
		}
	}
}

// addIgnoredProcess adds the variables of the process environment if it does not count: only those that a file
// has, too, since most variables have nothing to do with the project.
func (r *resolver) addIgnoredProcess() {
	for name, v := range r.locals.notInFiles(r.process) {
		if r.names[name] != nil {
			r.add(v.source(), binding.Secret(name, v.value), remark{dropped: ProcessNotIncluded})
		}
	}
}

// notInFiles yields the variables of process without those that come from a file in l.
func (l *localFiles) notInFiles(process *environ) iter.Seq2[string, variable] {
	listed := map[string]bool{}
	for _, f := range l.list {
		listed[f.source.File] = true
	}
	return func(yield func(string, variable) bool) {
		for name, v := range process.All() {
			if (v.in.Origin == FromProcess || !listed[v.in.File]) && !yield(name, v) {
				return
			}
		}
	}
}

// droppedNames returns a function that returns the reason why a local secret of that name is
// dropped, "" if it is not.
func (p *project) droppedNames() func(string) Reason {
	resources, taken := map[string]bool{}, p.requiredSecrets()
	if taken != nil {
		for _, v := range p.settings.Vars {
			taken[v.Name] = true
		}
	}
	for _, b := range p.settings.Bindings {
		if !isVar(b) {
			resources[b.Name] = true
		}
	}
	return func(name string) Reason {
		builtin := jsvalue.IsPrototypeName(name)
		switch {
		case name == "__proto__": // in JavaScript an assignment to it makes no property
			return BuiltinName
		case taken != nil && !taken[name] && !builtin:
			return NotRequired
		case p.options.Programmatic:
			return ""
		case resources[name]:
			return ResourceStays
		case builtin:
			return BuiltinName
		}
		return ""
	}
}

// requiredSecrets returns the names in secrets.required, nil if the configuration does not have the
// field secrets.
func (p *project) requiredSecrets() map[string]bool {
	if p.settings.Secrets == nil {
		return nil
	}
	names := map[string]bool{}
	for _, secret := range p.settings.Secrets.Required {
		names[secret.Name] = true
	}
	return names
}

// warnMissing reports the required secrets that are missing.
func (r *resolver) warnMissing() {
	if r.settings.Secrets == nil {
		return
	}
	l, cure := r.locals, "add it to .dev.vars or .env, or set it as an environment variable"
	if l.devVars {
		cure = "add it to " + l.list[len(l.list)-1].source.File + ", since nothing else counts where that file exists"
	}
	isRead := l.devVars || l.envFiles
	for _, secret := range r.settings.Secrets.Required {
		if !r.hasLocal(secret.Name) && !(isRead && jsvalue.IsPrototypeName(secret.Name)) {
			r.report(r.at(secret.Key, secret.Offset), SeverityWarning, RuleMissingSecret,
				"required secret "+secret.Name+" is missing; "+cure)
		}
	}
}

// hasLocal reports whether a local file that is read, or the process environment if it counts, has a name.
func (r *resolver) hasLocal(name string) bool {
	c := r.names[name]
	return c != nil && slices.ContainsFunc(c.list, func(c candidate) bool {
		local, why := []Origin{FromDevVars, FromEnvFile, FromProcess}, c.comment().dropped
		return slices.Contains(local, c.in.Origin) && (why == "" || why == r.locals.dropped(name))
	})
}

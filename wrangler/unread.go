package wrangler

import (
	"cmp"
	"io/fs"
	"slices"
)

// Bounds on the search for files that wrangler does not read.
const (
	maxParents  = 32      // directories above the project in a repository
	maxOutside  = 2       // directories above a project that is in no repository
	maxListed   = 4096    // files of one directory whose names are read
	maxPerFound = 32      // files of one directory that are read
	maxUnread   = 1 << 18 // size of one file in bytes; larger ones are not read
)

// nearness is where a directory is, as seen from the project.
type nearness uint8

const (
	beside nearness = iota // the directory of the configuration
	inside                 // where wrangler is run, or the entry point is
	above                  // a directory above the configuration
	assets                 // the directory of static assets
)

// directory is a directory in which the files of a project can be by mistake.
type directory struct {
	path string
	near nearness
}

// directories returns where files of the project can be by mistake, each once: beside the
// configuration, in the working directory, beside the entry point, between these and the root of
// the repository, and in the directory of assets.
func (p *project) directories() []directory {
	var list []directory
	add := func(path string, near nearness) {
		if !slices.ContainsFunc(list, func(d directory) bool { return d.path == path }) {
			list = append(list, directory{path, near})
		}
	}
	add(p.location.base, beside)
	if a := p.settings.Assets; a != "" {
		add(p.files.abs(p.location.base, a), assets)
	}
	add(p.files.dir, inside)
	if p.settings.Main != "" && p.location.config != "" {
		add(p.files.parent(p.settings.Main), inside)
	}
	if p.options.Script != "" {
		add(p.files.parent(p.files.abs(p.files.dir, p.options.Script)), inside)
	}
	if p.options.Pages {
		add(p.files.abs(p.location.base, "functions"), inside)
	}
	for _, dir := range p.parents(p.files.dir) {
		if p.isBelow(dir, p.location.base) {
			add(dir, inside)
		}
		add(dir, above)
	}
	for _, dir := range p.parents(p.location.base) {
		add(dir, above)
	}
	return list
}

// parents returns the directories above dir: those up to the root of its repository or, if it is in
// no repository, the nearest ones and those below the configuration.
func (p *project) parents(dir string) []string {
	var list []string
	for range maxParents {
		if _, err := p.files.stat(p.files.abs(dir, ".git")); err == nil {
			return list
		}
		up := p.files.parent(dir)
		if up == dir {
			break
		}
		dir = up
		list = append(list, dir)
	}
	for i, dir := range list {
		if i >= maxOutside && !p.isBelow(dir, p.location.base) {
			return list[:i]
		}
	}
	return list
}

// isBelow reports whether name is below the directory dir.
func (p *project) isBelow(name, dir string) bool {
	for up := p.files.parent(name); up != name; name, up = up, p.files.parent(up) {
		if up == dir {
			return true
		}
	}
	return false
}

// readSmall returns the content of a regular file that is not large. Others are not read: reading a
// named pipe would take what is written to it.
func (p *project) readSmall(file string) ([]byte, bool) {
	info, err := p.files.stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxUnread {
		return nil, false
	}
	src, err := p.files.read(file)
	return src, err == nil
}

// unreadFiles returns the files whose names say that they hold an env, and from which wrangler
// takes nothing. It adds findings about links to files that do not exist.
func (l *localFiles) unreadFiles() []localFile {
	known := map[string]bool{}
	for _, f := range l.list {
		known[f.source.File] = true
	}
	if l.include { // wrangler adds these to the process environment
		for _, name := range append(envFileNames(l.environment()), l.options.EnvFiles...) {
			known[l.files.display(l.files.abs(l.files.dir, name))] = true
		}
	}
	list := l.unreadGiven(known)
	for _, d := range l.directories() {
		list = append(list, l.unreadIn(d, known)...)
	}
	return list
}

// unreadGiven returns the files of --env-file that wrangler does not read: it reads none, or looks
// for them elsewhere than Node.js, which looks in the working directory. They are known afterwards.
func (l *localFiles) unreadGiven(known map[string]bool) []localFile {
	var list []localFile
	for _, name := range l.options.EnvFiles[:min(len(l.options.EnvFiles), maxPerFound)] {
		wanted, there := l.files.abs(l.location.base, name), l.files.abs(l.files.dir, name)
		f := localFile{unread: SwitchedOff, lost: SeverityNote}
		file := wanted
		if _, err := l.files.stat(wanted); wanted != there && isMissing(err) {
			file = there
			f.unread, f.lost = EnvFileBase, SeverityWarning
			f.advice = l.files.display(wanted) + " does not exist; from there the file is " +
				l.files.from(l.location.base, there) + "; give --env-file an absolute path, which is the same from everywhere"
		}
		if src, ok := l.readSmall(file); ok && !l.options.Pages && !known[l.files.display(file)] {
			read := l.local(FromEnvFile, file, src)
			f.source, f.file = read.source, read.file
			list, known[f.source.File] = append(list, f), true
		}
	}
	return list
}

// unreadIn returns the unread files in d that are not known.
func (l *localFiles) unreadIn(d directory, known map[string]bool) []localFile {
	var list []localFile
	for _, entry := range l.files.list(d.path) {
		n, ok := parseEnvName(entry.Name())
		file := l.files.abs(d.path, entry.Name())
		if !ok || len(list) == maxPerFound || known[l.files.display(file)] {
			continue
		}
		if src, ok := l.readSmall(file); ok {
			f := l.local(n.origin, file, src)
			l.explain(&f, n, d.near)
			list = append(list, f)
		} else if entry.Type()&fs.ModeSymlink != 0 && d.near == beside && n.meant == "" {
			if _, err := l.files.stat(file); isMissing(err) {
				l.warnings = append(l.warnings, Source{File: l.files.display(file)}.finding(SeverityWarning, RuleBrokenLink,
					"is a link to a file that does not exist, so wrangler reads nothing; correct the link, or replace it by a file"))
			}
		}
	}
	return list
}

// explain sets why f, which has the name n, is not read, and how bad that is.
func (l *localFiles) explain(f *localFile, n envName, near nearness) {
	right := l.files.display(l.files.abs(l.location.base, n.right()))
	f.lost = SeverityNote
	switch isEnv := n.origin == FromEnvFile; {
	case n.template:
		f.unread, f.silent = Template, true
		if near == beside || near == inside {
			f.advice = "copy it to " + right
		}
	case near == above:
		f.unread, f.advice = NotBesideConfig, "copy what is needed to "+right
	case near != beside:
		f.unread, f.lost, f.advice = NotBesideConfig, SeverityWarning, "move it to "+right
		if p := l.location.config; p != "" && near == inside {
			f.advice += ", beside " + l.files.display(cmp.Or(l.location.user, p))
		}
	case n.meant != "":
		f.unread, f.lost, f.advice = UnknownFile, SeverityWarning, "did you mean "+n.meant+"?"
	case l.options.EnvFiles != nil && (isEnv || len(l.options.EnvFiles) > 0) && !l.options.Pages:
		f.unread, f.silent = EnvFileGiven, isEnv
	case isEnv && l.devVars:
		f.unread = DevVarsPresent
	case isEnv && !l.envFiles:
		f.unread = SwitchedOff
	case l.options.Pages:
		f.unread, f.advice = UnknownFile, "wrangler pages dev reads .dev.vars or .env"
	case n.environment == "":
		f.unread = EnvironmentDevVars
	default:
		l.explainEnvironment(f, n)
	}
}

// explainEnvironment is explain for a file of an environment that is not selected.
func (l *localFiles) explainEnvironment(f *localFile, n envName) {
	f.unread, f.advice = NeedsEnv, "use --env "+n.environment
	switch {
	case l.options.Environment == nil && l.process.value("CLOUDFLARE_ENV") == n.environment:
		f.unread, f.lost, f.advice = OnlyFlagSelects, SeverityWarning, ""
	case l.location.redirected() && valueOf(l.settings.TargetEnvironment) == n.environment:
		f.lost = SeverityWarning
		f.advice += ", for which the configuration was generated"
	case slices.Contains(l.settings.DefinedEnvironments, n.environment):
		f.silent = true
	case n.environment == "local":
		f.lost, f.advice = SeverityWarning, "did you mean .dev.vars?"
	default:
		f.advice += ", or move what is needed to " + n.right()
	}
}

// addLocalOnly adds what local files have, of which a deployment takes nothing.
func (r *resolver) addLocalOnly() {
	l := &localFiles{project: r.project}
	for _, f := range l.unreadFiles() {
		for e := range f.file.Assignments() {
			r.addAssignment(&f, e, e.Value(), remark{dropped: NeverDeployed})
		}
	}
}

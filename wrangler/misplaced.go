package wrangler

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
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

// unreadFiles returns the files whose names say that they hold an env, and from which wrangler
// takes nothing. It adds findings about links to files that do not exist.
func (l *localFiles) unreadFiles() []localFile {
	if l.envOnly {
		return nil
	}
	known := map[string]bool{}
	for _, f := range l.list {
		known[f.source.File] = true
	}
	if l.include { // wrangler adds these to the process environment
		for _, name := range append(envFileNames(l.environment()), l.options.EnvFiles...) {
			known[l.files.display(l.files.abs(l.files.dir, name))] = true
		}
	}
	list := l.misplacedEnvFiles(known)
	for _, d := range l.directories() {
		list = append(list, l.unreadIn(d, known)...)
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
		info, err := l.files.stat(file)
		if entry.Type()&fs.ModeSymlink != 0 && isMissing(err) {
			if d.near == beside && n.meant == "" {
				l.warnings = append(l.warnings, Source{File: l.files.display(file)}.finding(SeverityWarning,
					RuleBrokenLink,
					"is a link to a file that does not exist, so wrangler reads nothing; correct the link, or "+
						"replace it by a file"))
			}
			continue
		}
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxUnread {
			continue
		}
		src, err := l.files.read(file)
		if err != nil {
			continue
		}
		f := l.local(n.origin, file, src)
		l.explain(&f, n, d)
		list = append(list, f)
	}
	return list
}

// explain sets why f, which has the name n, is not read in d, and how bad that is.
func (l *localFiles) explain(f *localFile, n envName, d directory) {
	right := l.files.display(l.files.abs(l.location.base, n.right()))
	switch {
	case n.template:
		f.unread, f.silent = Template, true
		if d.near == beside || d.near == inside {
			f.advice = "copy it to " + right
		}
	case d.near == above:
		f.unread, f.lost = NotBesideConfig, SeverityNote
		f.advice = "copy what is needed to " + right
	case d.near == assets:
		f.unread, f.lost = NotBesideConfig, SeverityWarning
		f.advice = "move it to " + right
	case d.near == inside:
		f.unread, f.lost = NotBesideConfig, SeverityWarning
		f.advice = "move it to " + right
		if p := l.location.config; p != "" {
			f.advice += ", beside " + l.files.display(cmp.Or(l.location.user, p))
		}
	case n.meant != "":
		f.unread, f.lost, f.advice = UnknownFile, SeverityWarning, "did you mean "+n.meant+"?"
	case l.options.EnvFiles != nil && n.origin == FromEnvFile:
		f.unread, f.silent = EnvFileGiven, true
	case l.options.Pages:
		f.unread, f.lost, f.advice = UnknownFile, SeverityNote, "wrangler pages dev reads .dev.vars or .env"
	default:
		l.explainEnvironment(f, n)
	}
}

// explainEnvironment is explain for a file of an environment that is not selected.
func (l *localFiles) explainEnvironment(f *localFile, n envName) {
	f.unread, f.lost, f.advice = NeedsEnv, SeverityNote, "use --env "+n.environment
	target := l.settings.TargetEnvironment
	switch {
	case l.location.redirected() && target != nil && *target == n.environment:
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

// misplacedEnvFiles returns the files of --env-file that are in the working directory, where only
// Node.js looks for them, and not where wrangler looks for them. They are known afterwards.
func (l *localFiles) misplacedEnvFiles(known map[string]bool) []localFile {
	if l.options.Pages || l.location.base == l.files.dir {
		return nil
	}
	var list []localFile
	for _, name := range l.options.EnvFiles {
		wanted, there := l.files.abs(l.location.base, name), l.files.abs(l.files.dir, name)
		if _, err := l.files.stat(wanted); wanted == there || !isMissing(err) || len(list) == maxPerFound {
			continue
		}
		info, err := l.files.stat(there)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxUnread || l.include &&
			known[l.files.display(there)] {
			continue
		}
		src, err := l.files.read(there)
		if err != nil {
			continue
		}
		f := l.local(FromEnvFile, there, src)
		f.unread, f.lost = EnvFileBase, SeverityWarning
		f.advice = l.files.display(wanted) + " does not exist; from there the file is " +
			l.files.from(l.location.base, there) +
			"; give --env-file an absolute path, which is the same from everywhere"
		known[f.source.File] = true
		list = append(list, f)
	}
	return list
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

// otherConfig is a configuration that wrangler does not read.
type otherConfig struct {
	path   string
	near   nearness
	vars   []config.Var
	lines  syntax.Locator
	reason Reason

	environment *string // whose vars these are, nil for the top level
}

// addOtherConfigs adds the vars of configurations that wrangler does not read: those beside the one
// that is read, those nearer, and the one that the user wrote if a build tool generated another.
func (r *resolver) addOtherConfigs() {
	if r.location.config == "" || r.envOnly {
		return
	}
	for _, d := range r.directories() {
		for _, name := range slices.Backward(configNames) {
			file := r.files.abs(d.path, name)
			if file == r.location.config || d.near == assets || !r.isSmall(file) {
				continue
			}
			if c, ok := r.readOther(file); ok {
				c.near = d.near
				r.addOther(c)
				r.others = append(r.others, c)
			}
		}
	}
	r.findings = append(r.findings, r.otherFindings()...)
}

func (p *project) isSmall(file string) bool {
	info, err := p.files.stat(file)
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxUnread
}

// readOther reads a configuration that wrangler does not read. It is ignored if it cannot be read.
func (p *project) readOther(file string) (otherConfig, bool) {
	raw, lines, err := p.parse(file, syntax.FormatOf(file))
	if err != nil {
		return otherConfig{}, false
	}
	o := config.Options{Path: file, EnvFlag: p.options.Environment, EnvVariable: p.process.lookup("CLOUDFLARE_ENV")}
	c := otherConfig{path: file, lines: lines, reason: OtherConfig}
	if file == p.location.user {
		c.reason = RedirectWins
		if o.EnvFlag == nil && o.EnvVariable == nil {
			o.EnvFlag = p.settings.TargetEnvironment
		}
	}
	if settings, _ := config.Normalize(raw, o); settings != nil {
		c.vars, c.environment = settings.Vars, settings.TargetEnvironment
	}
	return c, true
}

// otherSource returns the place of v in c.
func (r *resolver) otherSource(c otherConfig, v config.Var) Source {
	s := Source{Origin: FromConfig, File: r.files.display(c.path), Key: v.Key}
	if v.Offset >= 0 {
		s.Line, s.Column = c.lines.Position(v.Offset)
	}
	return s
}

func (r *resolver) addOther(c otherConfig) {
	m := remark{dropped: c.reason, advice: r.files.display(r.location.config) + " counts"}
	if c.reason == RedirectWins {
		m.advice = "build again, or delete " + r.files.display(r.location.deploy)
	}
	for _, v := range c.vars {
		r.add(r.otherSource(c, v), varBinding(v.Name, v.Value), m)
	}
}

// list returns the files of a directory, by name; none if it cannot be read.
func (f files) list(dir string) []fs.DirEntry {
	fsys, name := f.fsys, inFS(dir)
	if fsys == nil {
		fsys, name = os.DirFS(dir), "."
	}
	opened, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	defer opened.Close()
	lister, ok := opened.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, _ := lister.ReadDir(maxListed)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// from returns the path of name relative to the directory base.
func (f files) from(base, name string) string {
	if f.fsys != nil {
		return relative(base, name)
	}
	if rel, err := filepath.Rel(base, name); err == nil {
		return rel
	}
	return name
}

package projectgen

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// Minimise removes files, arguments, lines and characters from p as long as fails returns true, and
// returns the smallest project.
func Minimise(p Project, fails func(Project) bool) Project {
	for {
		smaller, ok := firstFailure(p, fails)
		if !ok {
			return p
		}
		p = smaller
	}
}

func firstFailure(p Project, fails func(Project) bool) (Project, bool) {
	for _, candidates := range []iter.Seq[Project]{p.withoutFiles(), p.withoutArguments(), p.withoutText()} {
		for candidate := range candidates {
			if fails(candidate) {
				return candidate, true
			}
		}
	}
	return p, false
}

// clone returns a deep copy.
func (p Project) clone() Project {
	p.Files, p.Links = maps.Clone(p.Files), maps.Clone(p.Links)
	a := &p.Args
	a.Process, a.EnvFiles, a.Vars = slices.Clone(a.Process), slices.Clone(a.EnvFiles), slices.Clone(a.Vars)
	return p
}

// changed yields a changed copy of p for each change that makes it smaller.
func (p Project) changed(changes []func(*Project)) iter.Seq[Project] {
	return func(yield func(Project) bool) {
		for _, change := range changes {
			c := p.clone()
			change(&c)
			if c.size() < p.size() && !yield(c) {
				return
			}
		}
	}
}

// size returns a number that is smaller for simpler projects. A flag counts more than null.
func (p Project) size() int {
	size := len(p.String())
	for _, flag := range []*string{p.Args.Env, p.Args.Config} {
		if flag != nil {
			size += len("null")
		}
	}
	return size
}

func (p Project) withoutFiles() iter.Seq[Project] {
	var changes []func(*Project)
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		if path != p.Args.Dir+"/" && path != p.Links[p.Args.Dir]+"/" {
			changes = append(changes, func(c *Project) { delete(c.Files, path) })
		}
	}
	for _, path := range slices.Sorted(maps.Keys(p.Links)) {
		if path == p.Args.Dir {
			continue
		}
		changes = append(changes, func(c *Project) { delete(c.Links, path) })
	}
	return p.changed(changes)
}

func (p Project) withoutArguments() iter.Seq[Project] {
	changes := []func(*Project){
		func(c *Project) { c.Args.Env = nil },
		func(c *Project) { c.Args.Config = nil },
		func(c *Project) { c.Args.EnvFiles = nil },
		func(c *Project) { c.Args.Script = "" },
		func(c *Project) { c.Args.Redirect = false },
		func(c *Project) { c.Args.SecretsFile = "" },
		func(c *Project) { c.Args.KeepVars = false },
	}
	for i := range p.Args.Process {
		changes = append(changes, func(c *Project) { c.Args.Process = slices.Delete(c.Args.Process, i, i+1) })
	}
	for i := range p.Args.EnvFiles {
		changes = append(changes, func(c *Project) { c.Args.EnvFiles = slices.Delete(c.Args.EnvFiles, i, i+1) })
	}
	for i := range p.Args.Vars {
		changes = append(changes, func(c *Project) { c.Args.Vars = slices.Delete(c.Args.Vars, i, i+1) })
	}
	return p.changed(changes)
}

// withoutText yields projects without a piece of a file: first without a line, then without longer and
// shorter sequences of characters.
func (p Project) withoutText() iter.Seq[Project] {
	var changes []func(*Project)
	replace := func(path, text string) {
		changes = append(changes, func(c *Project) { c.Files[path] = text })
	}
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		text := p.Files[path]
		lines := strings.SplitAfter(text, "\n")
		for i := range lines {
			replace(path, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
		}
		for size := len(text) / 2; size > 0; size /= 2 {
			for at := 0; at+size <= len(text); at += max(1, size/2) {
				replace(path, text[:at]+text[at+size:])
			}
		}
	}
	return p.changed(changes)
}

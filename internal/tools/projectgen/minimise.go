package projectgen

import (
	"maps"
	"slices"
	"strings"
)

// Minimise removes files, arguments, lines and characters from p as long as fails returns true, and
// returns the smallest project.
func Minimise(p Project, fails func(Project) bool) Project {
	for {
		smaller, ok := p.smaller(fails)
		if !ok {
			return p
		}
		p = smaller
	}
}

// smaller returns the first smaller project that fails.
func (p Project) smaller(fails func(Project) bool) (Project, bool) {
	for _, change := range slices.Concat(p.withoutFiles(), p.withoutArguments(), p.withoutText()) {
		c := p.clone()
		change(&c)
		if len(c.String()) < len(p.String()) && fails(c) {
			return c, true
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

// withoutFiles returns changes that remove a file or a link. The working directory stays.
func (p Project) withoutFiles() (changes []func(*Project)) {
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		if path != p.Args.Dir+"/" && path != p.Links[p.Args.Dir]+"/" {
			changes = append(changes, func(c *Project) { delete(c.Files, path) })
		}
	}
	for _, path := range slices.Sorted(maps.Keys(p.Links)) {
		if path != p.Args.Dir {
			changes = append(changes, func(c *Project) { delete(c.Links, path) })
		}
	}
	return changes
}

func (p Project) withoutArguments() []func(*Project) {
	changes := []func(*Project){
		func(c *Project) { c.Args.Env = nil },
		func(c *Project) { c.Args.Config = nil },
		func(c *Project) { c.Args.EnvFiles = nil },
		func(c *Project) { c.Args.Script = "" },
		func(c *Project) { c.Args.Redirect = false },
		func(c *Project) { c.Args.SecretsFile = "" },
		func(c *Project) { c.Args.KeepVars = false },
	}
	for i := range max(len(p.Args.Process), len(p.Args.EnvFiles), len(p.Args.Vars)) {
		changes = append(changes,
			func(c *Project) { c.Args.Process = without(c.Args.Process, i) },
			func(c *Project) { c.Args.EnvFiles = without(c.Args.EnvFiles, i) },
			func(c *Project) { c.Args.Vars = without(c.Args.Vars, i) })
	}
	return changes
}

// without removes an element, if there is one.
func without[S ~[]string](list S, i int) S {
	return slices.Delete(list, min(i, len(list)), min(i+1, len(list)))
}

// withoutText returns changes that remove a line, then longer and shorter sequences of characters.
func (p Project) withoutText() (changes []func(*Project)) {
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		text := p.Files[path]
		remove := func(at, size int) {
			changes = append(changes, func(c *Project) { c.Files[path] = text[:at] + text[at+size:] })
		}
		at := 0
		for line := range strings.Lines(text) {
			remove(at, len(line))
			at += len(line)
		}
		for size := len(text) / 2; size > 0; size /= 2 {
			for at := 0; at+size <= len(text); at += max(1, size/2) {
				remove(at, size)
			}
		}
	}
	return changes
}

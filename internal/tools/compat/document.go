package main

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// reference is the wrangler that recorded the projects.
const reference = "4.164.0"

// write writes the document.
func write(w io.Writer, all []results, projects int) error {
	io.WriteString(w, introOf(projects))
	for _, r := range all {
		library, dev := fmt.Sprintf("%d of %d", len(r.Library), projects), fmt.Sprintf("%d of these", len(r.Dev))
		if r.onlyDev {
			library, dev = "no such library", fmt.Sprintf("%d of %d", len(r.Dev), r.Runs)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", r.version, r.when, library, dev)
	}
	fmt.Fprintln(w)
	rows, err := rowsOf(all)
	if err != nil {
		return err
	}
	fmt.Fprint(w, changesIntro)
	for _, r := range rows {
		since := reference
		if next := r.last + 1; next < len(all) {
			since = all[next].version
		}
		fmt.Fprintf(w, "| %s | %s | %s | %d |\n", since, all[r.last].version, r.what, len(r.projects))
	}
	return nil
}

// introOf returns the text before the first row.
func introOf(projects int) string {
	return strings.ReplaceAll(fmt.Sprintf(intro, reference, projects), "'", "`")
}

// row is a row of the table of changes.
type row struct {
	last     int // index of the last release that differs
	what     string
	projects []string
}

// rowsOf returns a row for each change and each release from which projects have the recorded
// result, the newest release first. It fails for a project that belongs to no change.
func rowsOf(all []results) ([]row, error) {
	var rows []row
	found := make(map[[2]int]int) // index in rows, by those of the release and the change
	last := lastDiffering(all)
	for _, project := range slices.Sorted(maps.Keys(last)) {
		change := slices.IndexFunc(changes, func(c change) bool { return c.has(project) })
		if change < 0 {
			return nil, fmt.Errorf("project %s differs, and no change has it", project)
		}
		key := [2]int{last[project], change}
		i, ok := found[key]
		if !ok {
			i, rows = len(rows), append(rows, row{last: last[project], what: changes[change].what})
			found[key] = i
		}
		rows[i].projects = append(rows[i].projects, project)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return b.last - a.last })
	return rows, nil
}

// lastDiffering returns the index of the last release with another result for each project.
func lastDiffering(all []results) map[string]int {
	last := make(map[string]int)
	for i, r := range all {
		for project := range r.Library {
			last[project] = i
		}
		if r.onlyDev {
			for project := range r.Dev {
				last[project] = i
			}
		}
	}
	return last
}

// has reports whether the change explains the difference of a project.
func (c change) has(project string) bool {
	return slices.ContainsFunc(strings.Fields(c.projects), func(pattern string) bool {
		ok, _ := path.Match(pattern, project)
		return ok
	})
}

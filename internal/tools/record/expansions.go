package main

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// expansion is a set of files that shows one rule of the expansion of .env files.
type expansion struct {
	name    string
	comment string
	files   []string    // later files override earlier ones
	process [][2]string // the process environment, if it is included
}

func expansions() []expansion {
	return slices.Concat(referenceExpansions, operatorExpansions, nestingExpansions, escapeExpansions, orderExpansions,
		cycleExpansions, patternExpansions, inheritedExpansions, processExpansions, fileExpansions)
}

// expansionLimits are the limits for endings hang and memory.
var expansionLimits = oracle.Limits{Time: 5 * time.Second, Memory: 256}

// recordedExpansion is an item of expand.json.
type recordedExpansion struct {
	Name    string        `json:"name"`
	Comment string        `json:"comment"`
	Files   []string      `json:"files"`
	Process [][2]string   `json:"process,omitempty"`
	Ending  oracle.Ending `json:"ending"`
	Entries [][2]string   `json:"entries,omitempty"`
	Message string        `json:"message,omitempty"`
}

// recordExpansions writes expand.json with the results of dotenv.parse and dotenv-expand.
func recordExpansions(ctx context.Context, tools *oracle.Tools, src source, dir string) error {
	expander := tools.NewExpander(expansionLimits)
	defer expander.Close()
	all := expansions()
	questions := make([]oracle.Expansion, len(all))
	for i, e := range all {
		questions[i] = e.question()
	}
	answers, err := expander.Expand(ctx, questions)
	if err != nil {
		return err
	}
	golden := goldenFile{Source: src, Key: "expansions"}
	for i, e := range all {
		a := answers[i]
		golden.add(recordedExpansion{
			Name: e.name, Comment: e.comment, Files: append([]string{}, e.files...), Process: e.process,
			Ending: a.Ending, Entries: pairs(a.Entries), Message: a.Message,
		})
	}
	return golden.write(filepath.Join(dir, "expand.json"))
}

func (e expansion) question() oracle.Expansion {
	var q oracle.Expansion
	for _, file := range e.files {
		q.Files = append(q.Files, []byte(file))
	}
	for _, kv := range e.process {
		q.Process = append(q.Process, oracle.Entry{Key: kv[0], Value: kv[1]})
	}
	return q
}

// in returns an expansion of one file without a process environment.
func in(name, comment, file string) expansion {
	return expansion{name: name, comment: comment, files: []string{file}}
}

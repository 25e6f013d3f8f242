package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// recordDevvars records the test data of package devvars in dir.
func recordDevvars(ctx context.Context, tools *oracle.Tools, dir string) error {
	src := newSource(tools)
	if err := recordVectors(ctx, tools, src, dir); err != nil {
		return err
	}
	return recordExpansions(ctx, tools, src, dir)
}

// vector is an item of vectors.json: the entries of the document in the file of that name in vectors.
type vector struct {
	Name    string         `json:"name"`
	Entries []oracle.Entry `json:"entries"`
}

// recordVectors writes dir/vectors.json: the results of dotenv.parse for the documents in dir/vectors.
func recordVectors(ctx context.Context, tools *oracle.Tools, src source, dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "vectors", "*.txt"))
	if err != nil {
		return err
	}
	docs := make([][]byte, len(files))
	for i, file := range files {
		if docs[i], err = readDocument(file); err != nil {
			return err
		}
	}
	parser := tools.NewParser(oracle.Limits{})
	defer parser.Close()
	answers, err := parser.Parse(ctx, docs)
	if err != nil {
		return err
	}
	golden := goldenFile{Source: src, Key: "vectors"}
	for i, a := range answers {
		name := strings.TrimSuffix(filepath.Base(files[i]), ".txt")
		if a.Ending != oracle.Answered {
			return fmt.Errorf("vector %s: %s %s", name, a.Ending, a.Message)
		}
		golden.add(vector{name, a.Entries})
	}
	return golden.write(filepath.Join(dir, "vectors.json"))
}

// readDocument returns what follows the line with the comment and an empty line.
func readDocument(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	comment, doc, ok := bytes.Cut(text, []byte("\n\n"))
	if !ok || !bytes.HasPrefix(comment, []byte("comment: ")) {
		return nil, fmt.Errorf("%s does not start with a comment and an empty line", file)
	}
	return doc, nil
}

// expansion is an item of expand.json: a case, and what dotenv-expand makes of it.
type expansion struct {
	Name    string         `json:"name"`
	Comment string         `json:"comment"`
	Files   []string       `json:"files"`             // later files override earlier ones
	Process []oracle.Entry `json:"process,omitempty"` // the process environment, if it is included
	Ending  oracle.Ending  `json:"ending"`
	Entries []oracle.Entry `json:"entries,omitempty"`
	Message string         `json:"message,omitempty"`
}

// recordExpansions records the cases in dir/expand.json again.
func recordExpansions(ctx context.Context, tools *oracle.Tools, src source, dir string) error {
	file := filepath.Join(dir, "expand.json")
	cases, err := readExpansions(file)
	if err != nil {
		return err
	}
	if err := expand(ctx, tools, cases); err != nil {
		return err
	}
	golden := goldenFile{Source: src, Key: "expansions"}
	for _, c := range cases {
		golden.add(c)
	}
	return golden.write(file)
}

func readExpansions(file string) ([]expansion, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var golden struct{ Expansions []expansion }
	err = json.Unmarshal(text, &golden)
	return golden.Expansions, err
}

// expand sets the results of the cases.
func expand(ctx context.Context, tools *oracle.Tools, cases []expansion) error {
	// The limits for the endings hang and memory.
	expander := tools.NewExpander(oracle.Limits{Time: 5 * time.Second, Memory: 256})
	defer expander.Close()
	questions := make([]oracle.Expansion, len(cases))
	for i, c := range cases {
		questions[i].Process = c.Process
		for _, file := range c.Files {
			questions[i].Files = append(questions[i].Files, []byte(file))
		}
	}
	answers, err := expander.Expand(ctx, questions)
	if err != nil {
		return err
	}
	for i, a := range answers {
		cases[i].Ending, cases[i].Entries, cases[i].Message = a.Ending, a.Entries, a.Message
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// vector is a document that shows one rule of the .dev.vars language.
type vector struct {
	name    string // of the file: words joined by dashes
	comment string // the rule
	input   string
}

// vectors returns all vectors in the order of vectors.json.
func vectors() []vector {
	return slices.Concat(keyVectors, assignmentVectors, exportVectors, spaceVectors, lineVectors, plainVectors,
		quoteVectors, multilineVectors, nextLineVectors, commentVectors, objectVectors, encodingVectors, fileVectors)
}

// recordVectors writes a file for each vector, and vectors.json with the results of dotenv.parse.
func recordVectors(ctx context.Context, tools *oracle.Tools, src source, dir string) error {
	parser := tools.NewParser(oracle.Limits{})
	defer parser.Close()
	all := vectors()
	docs := make([][]byte, len(all))
	for i, v := range all {
		docs[i] = []byte(v.input)
	}
	answers, err := parser.Parse(ctx, docs)
	if err != nil {
		return err
	}
	golden := goldenFile{Source: src, Key: "vectors"}
	for i, v := range all {
		if answers[i].Ending != oracle.Answered {
			return fmt.Errorf("vector %s: %s %s", v.name, answers[i].Ending, answers[i].Message)
		}
		golden.add(recordedVector{Name: v.name, Entries: pairs(answers[i].Entries)})
	}
	if err := writeVectorFiles(filepath.Join(dir, "vectors"), all, answers, src); err != nil {
		return err
	}
	return golden.write(filepath.Join(dir, "vectors.json"))
}

// recordedVector is an item of vectors.json.
type recordedVector struct {
	Name    string      `json:"name"`
	Entries [][2]string `json:"entries"`
}

// writeVectorFiles replaces the folder dir with a file for each vector.
func writeVectorFiles(dir string, all []vector, answers []oracle.Answer, src source) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, v := range all {
		text := v.text(len(answers[i].Entries), src)
		if err := os.WriteFile(filepath.Join(dir, v.name+".txt"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// text returns the file of a vector: header lines, an empty line, and the unchanged input.
func (v vector) text(entries int, src source) string {
	var b strings.Builder
	expect := fmt.Sprintf("%d entries", entries)
	if entries == 1 {
		expect = "1 entry"
	}
	fmt.Fprintf(&b, "expect: %s\n", expect)
	fmt.Fprintf(&b, "comment: %s\n", v.comment)
	fmt.Fprintf(&b, "source: %s\n\n", strings.Join(src.only("dotenv", "node"), ", "))
	b.WriteString(v.input)
	return b.String()
}

func pairs(entries []oracle.Entry) [][2]string {
	list := make([][2]string, len(entries))
	for i, e := range entries {
		list[i] = [2]string{e.Key, e.Value}
	}
	return list
}

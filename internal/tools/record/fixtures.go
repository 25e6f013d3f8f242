package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// projectLimits allow a minute, since wrangler dev takes seconds to start on a busy machine.
var projectLimits = oracle.Limits{Time: time.Minute}

// fixture is a recorded project: its folder and its args.json.
type fixture struct {
	name string
	dir  string
	CWD  string `json:"cwd"`
	oracle.Project
}

// project returns the project, for a copy of its folder at dir.
func (f fixture) project(dir string) oracle.Project {
	p := f.Project
	p.Dir = filepath.Join(dir, f.CWD)
	return p
}

// has reports whether the fixture has the file.
func (f fixture) has(file string) bool {
	_, err := os.Stat(filepath.Join(f.dir, file))
	return err == nil
}

// readFixtures reads the fixtures whose name matches pattern, sorted by name.
func readFixtures(dir, pattern string) ([]fixture, error) {
	files, err := filepath.Glob(filepath.Join(dir, pattern, "args.json"))
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	var fixtures []fixture
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		f := fixture{name: name, dir: filepath.Join(dir, name)}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		fixtures = append(fixtures, f)
	}
	return fixtures, nil
}

// recordFixtures records matching projects: the result of wrangler's library, and the commands for
// which a project has a file. A new project has an empty file for each command.
func recordFixtures(ctx context.Context, tools *oracle.Tools, dir, pattern string) error {
	fixtures, err := readFixtures(dir, pattern)
	if err != nil {
		return err
	}
	if err := recordResolutions(ctx, tools, fixtures); err != nil {
		return err
	}
	return recordEach(ctx, tools, fixtures, false)
}

// recordCommandLines records the commands of matching projects, with their warnings. A new project has
// an empty file for each command.
func recordCommandLines(ctx context.Context, tools *oracle.Tools, dir, pattern string) error {
	fixtures, err := readFixtures(dir, pattern)
	if err != nil {
		return err
	}
	return recordEach(ctx, tools, fixtures, true)
}

func recordEach(ctx context.Context, tools *oracle.Tools, fixtures []fixture, warnings bool) error {
	for _, f := range fixtures {
		fmt.Println(f.name)
		if err := recordCommands(ctx, tools, f, warnings); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// recordResolutions writes expected.json and meta.json.
func recordResolutions(ctx context.Context, tools *oracle.Tools, fixtures []fixture) error {
	resolver := tools.NewResolver(projectLimits)
	defer resolver.Close()
	projects := make([]oracle.Project, len(fixtures))
	for i, f := range fixtures {
		projects[i] = f.project(f.dir)
	}
	resolutions, err := resolver.Resolve(ctx, projects)
	if err != nil {
		return err
	}
	for i, f := range fixtures {
		if err := f.writeResolution(resolutions[i]); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

func (f fixture) writeResolution(r oracle.Resolution) error {
	rule, err := f.rule()
	if err != nil {
		return err
	}
	if err := f.write("expected.json", "  ", expected(r)); err != nil {
		return err
	}
	return f.write("meta.json", "  ", meta(rule, r))
}

// rule returns the field rule of meta.json, the only field that is written by hand.
func (f fixture) rule() (string, error) {
	var old struct {
		Rule string `json:"rule"`
	}
	text, err := os.ReadFile(filepath.Join(f.dir, "meta.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	err = json.Unmarshal(text, &old)
	return old.Rule, err
}

// expected returns the content of expected.json.
func expected(r oracle.Resolution) any {
	switch r.Ending {
	case oracle.Answered:
		return r.Vars
	case oracle.Threw:
		return map[string]string{"error": r.Chain[0].Message}
	case oracle.OutOfMemory:
		return map[string]string{"error": "CRASH: out of memory"}
	}
	return map[string]string{"error": "HANG: no end"}
}

// meta returns the content of meta.json.
func meta(rule string, r oracle.Resolution) any {
	type head struct {
		Rule string `json:"rule"`
		OK   bool   `json:"ok"`
	}
	if r.Ending != oracle.Answered {
		return struct {
			head
			Chain []oracle.ErrorLink `json:"chain"`
			Log   oracle.Log         `json:"log"`
		}{head{rule, false}, r.Chain, r.Log}
	}
	return struct {
		head
		Order             []string      `json:"order"`
		Special           oracle.Object `json:"special"`
		Name              *string       `json:"name"`
		TargetEnvironment *string       `json:"targetEnvironment"`
		ConfigPath        *string       `json:"configPath"`
		UserConfigPath    *string       `json:"userConfigPath"`
		Log               oracle.Log    `json:"log"`
	}{head{rule, true}, r.Order, r.Special, r.Name, r.TargetEnvironment, r.ConfigPath, r.UserConfigPath, r.Log}
}

// write writes a recording.
func (f fixture) write(file, indent string, v any) error {
	text, err := f.text(indent, v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.dir, file), []byte(text), 0o644)
}

// text returns a recording as JSON, with the path of the folder replaced.
func (f fixture) text(indent string, v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return strings.ReplaceAll(b.String(), f.dir, "<DIR>"), nil
}

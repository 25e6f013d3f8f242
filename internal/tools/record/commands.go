package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// recordings are the files of a fixture that are not part of the project.
var recordings = []string{"args.json", "expected.json", "meta.json", "dev.json", "deploy.json", "pages.json"}

// recordedCommand is the content of dev.json, pages.json and deploy.json.
type recordedCommand struct {
	Env          json.RawMessage `json:"env,omitempty"`
	Bindings     json.RawMessage `json:"bindings,omitempty"`
	KeepBindings json.RawMessage `json:"keep_bindings,omitempty"`
	Error        any             `json:"error,omitempty"`
	Exit         int             `json:"exit,omitempty"`
	Output       string          `json:"output,omitempty"`
	Warnings     []string        `json:"warnings,omitempty"`
}

// recordCommands writes those of dev.json, pages.json and deploy.json that the fixture has.
func recordCommands(ctx context.Context, tools *oracle.Tools, f fixture, warnings bool) error {
	for _, file := range []string{"dev.json", "pages.json", "deploy.json"} {
		if !f.has(file) {
			continue
		}
		recorded, err := runCommand(ctx, tools, f, file)
		if err != nil {
			return err
		}
		if !warnings {
			recorded.Warnings = nil
		}
		if err := f.write(file, " ", recorded); err != nil {
			return err
		}
	}
	return nil
}

// runCommand runs the command whose result is recorded in file, in a copy of the project, since
// commands write to its folder.
func runCommand(ctx context.Context, tools *oracle.Tools, f fixture, file string) (recordedCommand, error) {
	dir, err := copyProject(f)
	if err != nil {
		return recordedCommand{}, err
	}
	defer os.RemoveAll(dir)
	p := f.project(dir)
	switch file {
	case "dev.json":
		env, err := tools.Dev(ctx, p, projectLimits)
		if err != nil {
			return recordedCommand{}, err
		}
		return devRecording(dir, f, env)
	case "pages.json":
		env, err := tools.PagesDev(ctx, p, projectLimits)
		if err != nil {
			return recordedCommand{}, err
		}
		return devRecording(dir, f, env)
	case "deploy.json":
		upload, err := tools.Deploy(ctx, p, projectLimits)
		return deployRecording(dir, upload), err
	}
	return recordedCommand{}, fmt.Errorf("no command is recorded in %s", file)
}

func devRecording(dir string, f fixture, env oracle.DevEnv) (recordedCommand, error) {
	switch env.Ending {
	case oracle.Answered:
		picked, err := pickEnv(env.Env, f.Only)
		return recordedCommand{Env: picked, Warnings: env.Warnings}, err
	case oracle.Threw:
		output := outputOf(dir, env.Refusal) + "\n"
		return recordedCommand{Error: true, Exit: env.Refusal.Exit, Output: output, Warnings: env.Warnings}, nil
	}
	return recordedCommand{Error: "HANG: no end"}, nil
}

func deployRecording(dir string, upload oracle.Upload) recordedCommand {
	switch upload.Ending {
	case oracle.Answered:
		return recordedCommand{Bindings: upload.Bindings, KeepBindings: upload.KeepBindings, Warnings: upload.Warnings}
	case oracle.Threw:
		message := outputOf(dir, upload.Refusal)
		if _, rest, ok := strings.Cut(message, bannerEnd); ok {
			message = rest
		}
		return recordedCommand{Error: strings.TrimSpace(message), Exit: upload.Refusal.Exit, Warnings: upload.Warnings}
	}
	return recordedCommand{Error: "HANG: no end"}
}

// copyProject copies the project to a temporary folder.
func copyProject(f fixture) (string, error) {
	dir, err := os.MkdirTemp("", "workerenv-project-")
	if err != nil {
		return "", err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS(f.dir)); err != nil {
		return "", err
	}
	for _, file := range recordings {
		if err := os.RemoveAll(filepath.Join(dir, file)); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// bannerEnd is the end of wrangler's banner.
const bannerEnd = "────\n"

// outputOf returns the start of the output, with the path of the copy replaced.
func outputOf(dir string, r *oracle.Refusal) string {
	const most = 2000 // characters
	text := strings.TrimRight(strings.ReplaceAll(r.Output, dir, "<DIR>"), "\n")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

// pickEnv keeps those elements of an array of [name, type, value] whose name is in only. Nil means all.
func pickEnv(env json.RawMessage, only []string) (json.RawMessage, error) {
	if only == nil {
		return env, nil
	}
	var list [][]json.RawMessage
	if err := json.Unmarshal(env, &list); err != nil {
		return nil, err
	}
	var err error
	list = slices.DeleteFunc(list, func(element []json.RawMessage) bool {
		var name string
		if e := json.Unmarshal(element[0], &name); e != nil {
			err = e
		}
		return !slices.Contains(only, name)
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(list)
}

package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// recordings are the files of a fixture that are not part of the project.
var recordings = []string{"args.json", "expected.json", "meta.json", "dev.json", "deploy.json", "pages.json"}

// recordCommands writes dev.json and deploy.json, if the fixture has them.
func recordCommands(ctx context.Context, tools *oracle.Tools, f fixture) error {
	if f.has("dev.json") {
		recorded, err := askDev(ctx, tools, f)
		if err != nil {
			return err
		}
		if err := f.write("dev.json", " ", recorded); err != nil {
			return err
		}
	}
	if f.has("deploy.json") {
		recorded, err := askDeploy(ctx, tools, f)
		if err != nil {
			return err
		}
		return f.write("deploy.json", " ", recorded)
	}
	return nil
}

// recordedCommand is what dev.json and deploy.json have.
type recordedCommand struct {
	Env          json.RawMessage `json:"env,omitempty"`
	Bindings     json.RawMessage `json:"bindings,omitempty"`
	KeepBindings json.RawMessage `json:"keep_bindings,omitempty"`
	Error        any             `json:"error,omitempty"`
	Exit         int             `json:"exit,omitempty"`
	Output       string          `json:"output,omitempty"`
}

func askDev(ctx context.Context, tools *oracle.Tools, f fixture) (recordedCommand, error) {
	dir, err := copyProject(f)
	if err != nil {
		return recordedCommand{}, err
	}
	defer os.RemoveAll(dir)
	env, err := tools.Dev(ctx, f.project(dir), projectLimits)
	if err != nil {
		return recordedCommand{}, err
	}
	return devRecording(dir, f, env)
}

func devRecording(dir string, f fixture, env oracle.DevEnv) (recordedCommand, error) {
	switch env.Ending {
	case oracle.Answered:
		picked, err := pickEnv(env.Env, f.Only)
		return recordedCommand{Env: picked}, err
	case oracle.Threw:
		return recordedCommand{Error: true, Exit: env.Refusal.Exit, Output: shown(dir, env.Refusal) + "\n"}, nil
	}
	return recordedCommand{Error: "HANG: no end"}, nil
}

func askDeploy(ctx context.Context, tools *oracle.Tools, f fixture) (recordedCommand, error) {
	dir, err := copyProject(f)
	if err != nil {
		return recordedCommand{}, err
	}
	defer os.RemoveAll(dir)
	upload, err := tools.Deploy(ctx, f.project(dir), projectLimits)
	return deployRecording(dir, upload), err
}

func deployRecording(dir string, upload oracle.Upload) recordedCommand {
	switch upload.Ending {
	case oracle.Answered:
		return recordedCommand{Bindings: upload.Bindings, KeepBindings: upload.KeepBindings}
	case oracle.Threw:
		message := shown(dir, upload.Refusal)
		if _, rest, ok := strings.Cut(message, bannerEnd); ok {
			message = rest
		}
		return recordedCommand{Error: strings.TrimSpace(message), Exit: upload.Refusal.Exit}
	}
	return recordedCommand{Error: "HANG: no end"}
}

// copyProject copies the project to a folder of its own, since wrangler's commands write to it.
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

// bannerEnd ends what wrangler prints before anything else.
const bannerEnd = "────\n"

// shown is the start of what was printed, with the copy's path replaced.
func shown(dir string, r *oracle.Refusal) string {
	const most = 2000 // characters
	text := strings.TrimRight(strings.ReplaceAll(r.Output, dir, "<DIR>"), "\n")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

// pickEnv keeps the entries of an array of [name, type, value] whose name is one of only; nil means all.
func pickEnv(env json.RawMessage, only []string) (json.RawMessage, error) {
	if only == nil {
		return env, nil
	}
	var entries [][]json.RawMessage
	if err := json.Unmarshal(env, &entries); err != nil {
		return nil, err
	}
	var err error
	entries = slices.DeleteFunc(entries, func(entry []json.RawMessage) bool {
		var name string
		if e := json.Unmarshal(entry[0], &name); e != nil {
			err = e
		}
		return !slices.Contains(only, name)
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(entries)
}

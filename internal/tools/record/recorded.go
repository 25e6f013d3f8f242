package main

import (
	"context"
	"fmt"
	"os"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// recordRecorded writes dev.json, deploy.json and pages.json of every matching folder that has them, with the warnings. A
// new folder has an empty file of the recording that it is to get.
func recordRecorded(ctx context.Context, tools *oracle.Tools, dir, pattern string) error {
	fixtures, err := readFixtures(dir, pattern)
	if err != nil {
		return err
	}
	for _, f := range fixtures {
		fmt.Println(f.name)
		if err := recordOne(ctx, tools, f); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// warnedCommand is a recordedCommand that also has what wrangler warned of.
type warnedCommand struct {
	recordedCommand
	Warnings []string `json:"warnings,omitempty"`
}

func recordOne(ctx context.Context, tools *oracle.Tools, f fixture) error {
	asks := map[string]func(context.Context, oracle.Project) (warnedCommand, error){
		"dev.json": func(ctx context.Context, p oracle.Project) (warnedCommand, error) {
			env, err := tools.Dev(ctx, p, projectLimits)
			return warnedDev(p, f, env, err)
		},
		"pages.json": func(ctx context.Context, p oracle.Project) (warnedCommand, error) {
			env, err := tools.PagesDev(ctx, p, projectLimits)
			return warnedDev(p, f, env, err)
		},
		"deploy.json": func(ctx context.Context, p oracle.Project) (warnedCommand, error) {
			upload, err := tools.Deploy(ctx, p, projectLimits)
			return warnedDeploy(p, upload, err)
		},
	}
	for file, ask := range asks {
		if !f.has(file) {
			continue
		}
		if err := recordIn(ctx, f, file, ask); err != nil {
			return err
		}
	}
	return nil
}

// recordIn asks about a copy of the project.
func recordIn(ctx context.Context, f fixture, file string, ask func(context.Context, oracle.Project) (warnedCommand, error)) error {
	dir, err := copyProject(f)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	recorded, err := ask(ctx, f.project(dir))
	if err != nil {
		return err
	}
	return f.write(file, " ", recorded)
}

func warnedDev(p oracle.Project, f fixture, env oracle.DevEnv, err error) (warnedCommand, error) {
	if err != nil {
		return warnedCommand{}, err
	}
	recorded, err := devRecording(p.Dir, f, env)
	return warnedCommand{recorded, env.Warnings}, err
}

func warnedDeploy(p oracle.Project, upload oracle.Upload, err error) (warnedCommand, error) {
	return warnedCommand{deployRecording(p.Dir, upload), upload.Warnings}, err
}

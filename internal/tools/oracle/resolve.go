package oracle

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"strings"
)

//go:embed js/resolve.cjs
var resolveScript string

// Project is a project on disk and the flags and environment of a call of wrangler. The JSON form is
// that of args.json in the recorded projects of package wrangler.
type Project struct {
	// Dir is the absolute path of the working directory. In args.json it is relative to the project.
	Dir string `json:"cwd"`
	// Env is the value of --env. Nil means no flag.
	Env *string `json:"env,omitzero"`
	// Process is the process environment in addition to PATH and HOME.
	Process Process `json:"processEnv"`
	// EnvFiles are the values of --env-file. Nil means no flag.
	EnvFiles []string `json:"envFiles,omitzero"`
	// Config is the value of --config. Nil means no flag.
	Config *string `json:"config,omitzero"`
	// Redirect makes Resolve follow a .wrangler/deploy/config.json.
	Redirect bool `json:"redirect,omitzero"`
	// Only limits the result of Resolve to these names. Nil means all.
	Only []string `json:"only,omitzero"`
	// Vars are the values of --var. Resolve ignores them.
	Vars []string `json:"cliVars,omitzero"`
	// Script is the entry point on the command line, relative to Dir. "" means none for Resolve, and a
	// Worker that responds with its env for commands.
	Script string `json:"script,omitzero"`
	// NoScript runs commands without an entry point, name and compatibility date on the command line.
	NoScript bool `json:"noScript,omitzero"`
	// SecretsFile, KeepVars and Strict are flags of `wrangler deploy`.
	SecretsFile string `json:"secretsFile,omitzero"`
	KeepVars    bool   `json:"keepVars,omitzero"`
	Strict      bool   `json:"strict,omitzero"`
	// RemoteSecrets are the names of the secrets of the deployed Worker. NewWorker means that no
	// Worker is deployed. With either of them Deploy uploads to a stub of Cloudflare's API;
	// otherwise it makes a dry run.
	RemoteSecrets []string `json:"remoteSecrets,omitzero"`
	NewWorker     bool     `json:"newWorker,omitzero"`
	// PagesBindings are the values of --binding of `wrangler pages dev`.
	PagesBindings []string `json:"pagesBindings,omitzero"`
}

// Process is a process environment: NAME=value with distinct names, in order. The JSON form is an
// object.
type Process []string

// MarshalJSON returns an object in the order of p.
func (p Process) MarshalJSON() ([]byte, error) {
	members := make([]string, len(p))
	for i, entry := range p {
		name, value, _ := strings.Cut(entry, "=")
		key, _ := json.Marshal(name) // never fails for strings
		text, _ := json.Marshal(value)
		members[i] = string(key) + ":" + string(text)
	}
	return []byte("{" + strings.Join(members, ",") + "}"), nil
}

// UnmarshalJSON reads an object in its order.
func (p *Process) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil { // the brace
		return err
	}
	for *p = nil; d.More(); {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value string
		if err := d.Decode(&value); err != nil {
			return err
		}
		*p = append(*p, name.(string)+"="+value)
	}
	return nil
}

// Resolution is the result of wrangler's unstable_readConfig and unstable_getVarsForDev.
type Resolution struct {
	// Ending is Threw also if wrangler rejects the project. Then Chain is set.
	Ending Ending `json:"-"`
	// Vars is an object of {"type", "value"} by name. Vars and the fields after it, except Chain,
	// are set if Ending is Answered.
	Vars json.RawMessage `json:"vars"`
	// Order are the names in Vars, in order.
	Order []string `json:"order"`
	// Special are the numbers in Vars that JSON cannot represent: "NaN", "Infinity", "-Infinity" or
	// "-0" by name.
	Special map[string]string `json:"special"`
	// Name, TargetEnvironment, ConfigPath and UserConfigPath are fields of the configuration, or nil.
	Name              *string `json:"name"`
	TargetEnvironment *string `json:"targetEnvironment"`
	ConfigPath        *string `json:"configPath"`
	UserConfigPath    *string `json:"userConfigPath"`
	// Chain is the error and its causes.
	Chain []ErrorLink `json:"chain"`
	// Log is what wrangler printed, without colours.
	Log Log `json:"log"`
}

// Log is the output of a tool, a string for each message.
type Log struct {
	Out []string `json:"out"`
	Err []string `json:"err"`
}

// ErrorLink is one error of a chain.
type ErrorLink struct {
	Name    string    `json:"name"`
	Message string    `json:"message"`
	Code    string    `json:"code,omitzero"`
	Notes   []string  `json:"notes,omitzero"`
	Loc     *Location `json:"loc,omitzero"`
}

// Location is a position in a file. Lines start at 1, columns at 0, as in wrangler.
type Location struct {
	Line   int  `json:"line"`
	Column int  `json:"column"`
	Length *int `json:"length,omitzero"`
}

// Resolver runs wrangler's library. It is not safe for concurrent use. The caller must close it.
type Resolver struct{ session }

// NewResolver returns a Resolver. Its node process, which takes a second or two to load wrangler,
// starts with the first project.
func (t *Tools) NewResolver(l Limits) *Resolver {
	return &Resolver{session{tools: t, script: serveScript + resolveScript, limits: l}}
}

// Resolve resolves each project. It fails if ctx ends or node cannot run.
func (r *Resolver) Resolve(ctx context.Context, projects []Project) (resolutions []Resolution, err error) {
	resolutions = make([]Resolution, len(projects))
	for i, p := range projects {
		if resolutions[i], err = r.resolve(ctx, p); err != nil {
			return nil, err
		}
	}
	return resolutions, nil
}

func (r *Resolver) resolve(ctx context.Context, p Project) (Resolution, error) {
	reply, err := r.ask(ctx, p)
	if err != nil {
		return Resolution{}, err
	}
	resolution := Resolution{Ending: reply.Ending}
	switch reply.Ending {
	case Answered:
		err = json.Unmarshal(reply.Result, &resolution)
		if resolution.Chain != nil {
			resolution.Ending = Threw
		}
	case Threw: // outside of wrangler
		resolution.Chain = []ErrorLink{{Name: "oracle", Message: reply.Message}}
	}
	return resolution, err
}

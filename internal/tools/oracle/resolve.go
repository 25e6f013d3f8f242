package oracle

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
)

//go:embed js/resolve.cjs
var resolveScript string

// Project is a question to wrangler about a project on disk. The fields but Dir are those of the args.json of a recorded
// fixture, and nil is JSON's null.
type Project struct {
	// Dir is the absolute path of the folder that wrangler is started in.
	Dir string `json:"dir"`
	// Env is the environment's name, as the flag --env gives it. Nil means that there is no flag.
	Env *string `json:"env"`
	// Process is the process environment, on top of PATH and HOME.
	Process Object `json:"processEnv"`
	// EnvFiles are the values of --env-file. Nil means that there is no flag.
	EnvFiles []string `json:"envFiles"`
	// Config is the value of --config. Nil means that there is no flag.
	Config *string `json:"config"`
	// Redirect tells whether a deploy configuration file is followed.
	Redirect bool `json:"redirect"`
	// Only restricts the result of Resolve to these names. Nil means all.
	Only []string `json:"only"`
	// Vars are the values of --var, which only the command line has.
	Vars []string `json:"cliVars"`
	// Script is the entry point given on the command line, relative to Dir. "" means the oracle's own for commands, and none
	// for Resolve.
	Script string `json:"script"`
	// NoScript leaves it to the configuration to name the Worker and its code. Otherwise commands get the oracle's own.
	NoScript bool `json:"noScript"`
	// SecretsFile, KeepVars and Strict are flags of `wrangler deploy`.
	SecretsFile string `json:"secretsFile"`
	KeepVars    bool   `json:"keepVars"`
	Strict      bool   `json:"strict"`
	// RemoteSecrets are the names of the secrets that the Worker has, and NewWorker tells that there is no Worker yet. With either of
	// them `wrangler deploy` is no dry run: it uploads to a stub of Cloudflare's API.
	RemoteSecrets []string `json:"remoteSecrets"`
	NewWorker     bool     `json:"newWorker"`
	// PagesBindings are the values of --binding, which only `wrangler pages dev` has.
	PagesBindings []string `json:"pagesBindings"`
}

// Object is a JSON object whose values are strings, in order. Nil means {}.
type Object []Entry

// Resolution is what wrangler makes of a project with unstable_readConfig and unstable_getVarsForDev.
type Resolution struct {
	// Ending is Threw, too, if wrangler refused the project; Chain then tells why.
	Ending Ending `json:"-"`
	// Vars is the result as wrangler's own JSON text: an object of {"type", "value"} by name. Only an Answered
	// Resolution has it.
	Vars json.RawMessage `json:"vars"`
	// Order are the names in Vars, in order.
	Order []string `json:"order"`
	// Special are the numbers in Vars that JSON can't show: "NaN", "Infinity", "-Infinity" or "-0" by name.
	Special Object `json:"special"`
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

// Log is what a tool printed, a string for each message.
type Log struct {
	Out []string `json:"out"`
	Err []string `json:"err"`
}

// ErrorLink is one error of a chain.
type ErrorLink struct {
	Name    string    `json:"name"`
	Message string    `json:"message"`
	Code    string    `json:"code,omitempty"`
	Notes   []string  `json:"notes,omitzero"`
	Loc     *Location `json:"loc,omitempty"`
}

// Location is a place in a file as wrangler counts: lines from 1, columns from 0. Length may be missing.
type Location struct {
	Line   int  `json:"line"`
	Column int  `json:"column"`
	Length *int `json:"length,omitempty"`
}

// Resolver asks wrangler about projects. It is not safe for concurrent use.
type Resolver struct{ session session }

// NewResolver makes a Resolver. Its node process, which takes a second or two to load wrangler, starts with the first
// question.
func (t *Tools) NewResolver(l Limits) *Resolver {
	return &Resolver{session{tools: t, script: framesScript + resolveScript, limits: l}}
}

// Resolve resolves each project. It fails if ctx ends or node can't run.
func (r *Resolver) Resolve(ctx context.Context, projects []Project) ([]Resolution, error) {
	requests := make([][]byte, len(projects))
	for i, p := range projects {
		var err error
		if requests[i], err = json.Marshal(p); err != nil {
			return nil, err
		}
	}
	resolutions := make([]Resolution, len(projects))
	err := r.session.ask(ctx, requests, func(i int, reply []byte, e Ending) (err error) {
		resolutions[i] = Resolution{Ending: e}
		if e == Answered {
			resolutions[i], err = decodeResolution(reply)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return resolutions, nil
}

// Close ends the node process.
func (r *Resolver) Close() { r.session.close() }

func decodeResolution(reply []byte) (Resolution, error) {
	r, ending, err := open(reply)
	if err != nil {
		return Resolution{}, err
	}
	text := r.text()
	if ending != Answered || r.bad {
		return Resolution{Ending: ending, Chain: []ErrorLink{{Name: "oracle", Message: text}}}, nil
	}
	answer := struct {
		OK bool `json:"ok"`
		*Resolution
	}{Resolution: &Resolution{Ending: Threw}}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return Resolution{}, err
	}
	if answer.OK {
		answer.Ending = Answered
	}
	return *answer.Resolution, nil
}

// MarshalJSON writes the object in its order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, s := range []string{e.Key, e.Value} {
			text, err := json.Marshal(s)
			if err != nil {
				return nil, err
			}
			b.Write(text)
			if j == 0 {
				b.WriteByte(':')
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON keeps the order of the text.
func (o *Object) UnmarshalJSON(text []byte) error {
	var byName map[string]string
	if err := json.Unmarshal(text, &byName); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	*o = nil
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		if key, isKey := token.(string); isKey {
			if _, err := d.Token(); err != nil {
				return err
			}
			*o = append(*o, Entry{key, byName[key]})
		}
	}
	return nil
}

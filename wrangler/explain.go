package wrangler

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// Outcome is what became of what a source had to offer for a name.
type Outcome string

// The outcomes.
const (
	Used     Outcome = "used"     // it is what the Worker gets
	Shadowed Outcome = "shadowed" // another source won over it
	Dropped  Outcome = "dropped"  // a rule keeps the source, or the name, out
)

// Reason is the rule by which something is shadowed or dropped.
type Reason string

// The reasons for which something is shadowed.
const (
	SecretOverVar   Reason = "secret-over-var" // a local secret replaces a var of the configuration
	LaterLine       Reason = "later-line"      // a later assignment in the same file counts
	LaterFile       Reason = "later-file"      // a later .env file counts
	ProcessWins     Reason = "process-wins"    // the process environment wins over files
	FlagWins        Reason = "flag-wins"       // --var or --binding wins over everything
	SecretsFileWins Reason = "secrets-file"    // the file of --secrets-file wins over the configuration and flags
	ProjectWins     Reason = "project-wins"    // the project wins over what wrangler adds
)

// The reasons for which something is dropped.
const (
	NotInherited       Reason = "not-inherited"        // environments do not inherit the vars of the top level
	DevVarsPresent     Reason = "dev-vars-present"     // no .env file is read if there is a .dev.vars
	EnvironmentDevVars Reason = "environment-dev-vars" // .dev.vars is not read if there is a .dev.vars.NAME
	OnlyFlagSelects    Reason = "only-flag-selects"    // CLOUDFLARE_ENV does not select .dev.vars.NAME and .env.NAME
	EnvFileGiven       Reason = "env-file-given"       // with --env-file no other file is read
	SwitchedOff        Reason = "switched-off"         // CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV is false
	NotRequired        Reason = "not-required"         // the configuration has secrets, and neither these nor vars name it
	ResourceStays      Reason = "resource-stays"       // a binding of another kind has the name
	BuiltinName        Reason = "builtin-name"         // JavaScript objects have a property of that name
	NotEmulated        Reason = "not-emulated"         // wrangler dev does not have bindings of this kind
	ProcessNotIncluded Reason = "process-not-included" // CLOUDFLARE_INCLUDE_PROCESS_ENV is not true
	ProcessEmpty       Reason = "process-empty"        // an empty process variable does not win over a file
	ProcessSame        Reason = "process-same"         // the process variable is equal to the file's
)

// reasonTexts say each Reason in a sentence.
var reasonTexts = map[Reason]string{
	SecretOverVar:      "a local secret replaces a var of the same name",
	LaterLine:          "a later assignment in the same file counts",
	LaterFile:          "a later file counts",
	ProcessWins:        "the process environment wins over files",
	FlagWins:           "a flag wins over everything else",
	SecretsFileWins:    "the secrets file wins over the configuration and flags",
	ProjectWins:        "the project's own value wins over what wrangler adds",
	NotInherited:       "an environment does not inherit the vars of the top level",
	DevVarsPresent:     ".env files are not read where there is a .dev.vars",
	EnvironmentDevVars: ".dev.vars is not read where the environment has its own",
	OnlyFlagSelects:    "only --env selects this file, CLOUDFLARE_ENV does not",
	EnvFileGiven:       "with --env-file only the files that it names are read",
	SwitchedOff:        "CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV is false",
	NotRequired:        "the configuration names neither a required secret nor a var like this",
	ResourceStays:      "a binding of another kind has this name",
	BuiltinName:        "JavaScript objects have a property of this name, and wrangler dev takes it for a binding",
	NotEmulated:        "wrangler dev has no bindings of this kind",
	ProcessNotIncluded: "the process environment is not included",
	ProcessEmpty:       "an empty process variable does not win over a file",
	ProcessSame:        "the file has the same value",
}

// Text returns the rule in a sentence, "" for no reason.
func (r Reason) Text() string { return reasonTexts[r] }

// Candidate is what one source had to offer for a name, and what became of it.
type Candidate struct {
	Source  Source
	Binding binding.Binding // shows its value only when asked; of a shadowed .env value it is the text before expansion
	Outcome Outcome
	Reason  Reason // "" if it is used
}

// String returns the source, the outcome and the reason.
func (c Candidate) String() string {
	s := c.Source.String() + ": " + string(c.Outcome)
	if c.Reason != "" {
		s += ", " + c.Reason.Text()
	}
	return s
}

// Explanation tells where the binding of a name comes from: every source that had the name, in the order in which wrangler
// looks at them, so that the later usually wins. Of a file that assigns the name more than 100 times there are the first 99
// and the last.
type Explanation struct {
	Name       string
	Candidates []Candidate
}

// Winner returns the candidate that is used, and whether there is one.
func (e Explanation) Winner() (Candidate, bool) {
	for _, c := range e.Candidates {
		if c.Outcome == Used {
			return c, true
		}
	}
	return Candidate{}, false
}

// String returns the name and a line for each candidate.
func (e Explanation) String() string {
	var b strings.Builder
	b.WriteString(e.Name)
	for _, c := range e.Candidates {
		b.WriteString("\n  " + c.String())
	}
	return b.String()
}

// step is a Candidate while it is not known yet what becomes of the others.
type step struct {
	spot          spot
	binding       binding.Binding
	reason        Reason // why it is dropped or, in the end, shadowed
	used, dropped bool
}

func (s step) candidate() Candidate {
	c := Candidate{Source: s.spot.source(), Binding: s.binding, Outcome: Shadowed, Reason: s.reason}
	switch {
	case s.used:
		c.Outcome = Used
	case s.dropped:
		c.Outcome = Dropped
	}
	return c
}

// trail is everything that was seen for each name.
type trail struct{ table[[]step] }

// note adds what source has for name. With a reason it is dropped; without, whether it is used turns out at the end.
func (t *trail) note(s spot, b binding.Binding, dropped Reason) {
	list, _ := t.get(b.Name())
	t.set(b.Name(), append(list, step{spot: s, binding: b, reason: dropped, dropped: dropped != ""}))
}

// mostLines bounds the candidates of one file for one name.
const mostLines = 100

// noteLine notes an assignment in a file. Where there are too many of one name, it replaces the last one.
func (t *trail) noteLine(s spot, b binding.Binding, dropped Reason) {
	list, _ := t.get(b.Name())
	if n := len(list); n >= mostLines && list[n-mostLines].spot.of == s.of {
		list[n-1] = step{spot: s, binding: b, reason: dropped, dropped: dropped != ""}
		return
	}
	t.note(s, b, dropped)
}

// secret returns the binding of a local secret: the one that was noted for it or, if its value was expanded since, a new one.
func (t *trail) secret(name string, value setting) binding.Binding {
	list, _ := t.get(name)
	for _, s := range slices.Backward(list) {
		if v, _ := s.binding.Value(); s.spot.same(value.spot) && s.binding.Kind().IsSecret() && v.Reveal() == value.value {
			return s.binding
		}
	}
	return binding.Secret(name, value.value)
}

// settle marks, among the candidates for the name of b, the one from source as used, and tells the others why they are not.
func (t *trail) settle(source spot, b binding.Binding) {
	list, _ := t.get(b.Name())
	inSecretsFile := slices.ContainsFunc(list, func(s step) bool { return s.spot.origin() == FromSecretsFile })
	for i := range list {
		s := &list[i]
		switch {
		case s.spot.same(source):
			*s = step{spot: s.spot, binding: b, used: true}
		case s.dropped:
		case inSecretsFile && s.spot.origin() != FromSecretsFile:
			s.reason = SecretsFileWins
		default:
			s.reason = shadowing(s.spot.source(), source.source())
		}
	}
}

// shadowing returns the reason for which winner beats loser.
func shadowing(loser, winner Source) Reason {
	switch {
	case winner.Origin == FromFlag:
		return FlagWins
	case loser.Origin == FromPages:
		return ProjectWins
	case winner.Origin == FromPages:
		return ResourceStays
	case loser.Origin == FromConfig:
		return SecretOverVar
	case winner.Origin == FromProcess:
		return ProcessWins
	case loser.File == winner.File:
		return LaterLine
	}
	return LaterFile
}

package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/spelling"
	"github.com/workerenv/workerenv/wrangler"
)

// explain prints where one binding comes from.
func (c command) explain(f *flags) int {
	f.explain = true
	var rows []bindingRow
	err := f.each(func() error {
		config, r, err := c.resolve(f)
		if err != nil {
			return err
		}
		if f.json {
			rows = append(rows, explainedRow(r, f))
			return nil
		}
		c.headline(f, config, r)
		var deployed *wrangler.Resolution
		if !config.IsPages() {
			deployed, _ = config.Deploy(wrangler.DeployOptions{Vars: f.vars})
		}
		s := story{command: c, w: bufio.NewWriter(c.stdout), flags: f, name: f.name, dev: r, deployed: deployed,
			put: config.SecretPut(label(f.name))}
		s.tell()
		return s.w.Flush()
	})
	if err == nil && f.json {
		err = writeJSON(c.stdout, rows)
	}
	if err != nil {
		return c.fail(err)
	}
	return statusOK
}

func explainedRow(r *wrangler.Resolution, f *flags) bindingRow {
	if b, ok := r.Set().Lookup(f.name); ok {
		return newBindingRow(r, b, f)
	}
	return bindingRow{Name: f.name, Candidates: candidateRows(r, f.name)}
}

// story is the explanation of one name.
type story struct {
	command
	w             *bufio.Writer
	flags         *flags
	name          string
	dev, deployed *wrangler.Resolution
	put           string // the command that sets a secret of this name
}

// tell prints the story: what is bound, all candidates, what is deployed, and the findings about
// the name.
func (s *story) tell() {
	s.tellBinding()
	s.tellCandidates()
	s.tellDeployment()
	s.tellFindings()
}

func (s *story) printf(format string, args ...any) { fmt.Fprintf(s.w, format+"\n", args...) }

// tellBinding prints what wrangler dev binds.
func (s *story) tellBinding() {
	name := s.stdout.paint(bold, label(s.name))
	e := s.dev.Explain(s.name)
	winner, ok := e.Winner()
	switch {
	case ok:
		s.printf("%s is %s in wrangler dev. It comes from %s.", name, kindPhrase(winner.Binding.Kind()),
			s.place(winner.Source))
		switch kind := winner.Binding.Kind(); {
		case kind.IsSecret() && !s.flags.reveal:
			s.printf("Its value is hidden; --reveal shows it.")
		case kind == binding.JSON:
			s.printf("Its value is %s. The code gets the parsed JSON value, not a text.", shown(winner.Binding, s.flags.reveal))
		default:
			s.printf("Its value is %s.", shown(winner.Binding, s.flags.reveal))
		}
	case len(e.Candidates) > 0:
		s.printf("%s is %s in wrangler dev, although the name is in %s.", name, s.stdout.paint(red, "not bound"),
			counted(len(e.Candidates), "place"))
	default:
		s.printf("%s is %s in wrangler dev: nothing in the project has this name.", name,
			s.stdout.paint(red, "not bound"))
		s.printf("A secret that was set with %s, or in the dashboard, is in the deployed Worker only; for wrangler "+
			"dev, add it to .dev.vars.", s.put)
		s.suggest()
	}
}

// suggest prints names that are similar, or else those that there are.
func (s *story) suggest() {
	names := meantNames(s.dev)
	meant := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !similar(s.name, name) })
	switch {
	case len(meant) > 0:
		s.printf("Did you mean %s?", listed(meant))
	case len(names) > 0:
		s.printf("The names in the project are %s.", listed(names))
	}
}

// similar reports whether two names are nearly the same, or one is the start of the other, in any case and with or
// without separators.
func similar(a, b string) bool {
	separators := strings.NewReplacer("_", "", "-", "")
	a, b = separators.Replace(strings.ToLower(a)), separators.Replace(strings.ToLower(b))
	isStart := min(len(a), len(b)) > 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
	return isStart || spelling.Near(a, b)
}

// tellCandidates prints all candidates, the strongest first.
func (s *story) tellCandidates() {
	candidates := byPrecedence(s.dev.Explain(s.name).Candidates)
	if len(candidates) > 0 {
		s.printf("\nIts sources, the strongest first:")
	}
	for i, c := range candidates {
		style := map[wrangler.Outcome]string{wrangler.Used: green, wrangler.Shadowed: yellow,
			wrangler.Dropped: red}[c.Outcome]
		s.printf("  %d. %s is %s%s.", i+1, s.place(c.Source), s.stdout.paint(style, string(c.Outcome)), because(c))
		if c.Advice != "" {
			s.printf("     To change that: %s.", escape(strings.TrimSuffix(c.Advice, ".")))
		}
	}
	inProcess := slices.ContainsFunc(candidates,
		func(c wrangler.Candidate) bool { return c.Source.Origin == wrangler.FromProcess })
	if !inProcess && slices.ContainsFunc(s.environ, func(v string) bool { return strings.HasPrefix(v, s.name+"=") }) {
		s.printf("\nThe process environment has %s as well. Wrangler binds process variables only with "+
			"CLOUDFLARE_INCLUDE_PROCESS_ENV=true or if secrets.required names them, and never where there is a "+
			".dev.vars.", label(s.name))
	}
}

// because returns the reason of an outcome, to follow it.
func because(c wrangler.Candidate) string {
	text := ""
	if c.Expanded {
		text = " after references such as $NAME in it were replaced"
	}
	if c.Reason != "" {
		text += ": " + c.Reason.Text()
	}
	return text
}

// byPrecedence returns the used candidate, then the shadowed ones, then the dropped ones, each the
// strongest first.
func byPrecedence(candidates []wrangler.Candidate) []wrangler.Candidate {
	list := slices.Clone(candidates)
	slices.Reverse(list)
	rank := map[wrangler.Outcome]int{wrangler.Used: 0, wrangler.Shadowed: 1, wrangler.Dropped: 2}
	slices.SortStableFunc(list, func(a, b wrangler.Candidate) int { return rank[a.Outcome] - rank[b.Outcome] })
	return list
}

// tellDeployment prints what wrangler deploy does with the name.
func (s *story) tellDeployment() {
	if s.deployed == nil {
		return
	}
	e := s.deployed.Explain(s.name)
	winner, ok := e.Winner()
	switch {
	case ok && winner.Binding.Kind() == binding.Inherit:
		s.printf("\nwrangler deploy keeps the secret %s of the deployed Worker, as %s wants.", label(s.name),
			s.place(winner.Source))
	case ok:
		s.printf("\nwrangler deploy uploads %s from %s, as %s.", label(s.name), s.place(winner.Source),
			kindPhrase(winner.Binding.Kind()))
	case len(e.Candidates) > 0 && e.Candidates[0].Reason != wrangler.NeverDeployed:
		s.printf("\nwrangler deploy does not upload %s either: %s.", label(s.name), e.Candidates[0].Reason.Text())
	case len(e.Candidates) > 0:
		s.printf("\nwrangler deploy does not upload %s, since local files are never deployed. A secret of the "+
			"deployed Worker stays; to set one, use %s.", label(s.name), s.put)
	}
}

// tellFindings prints the findings about the name.
func (s *story) tellFindings() {
	findings := s.dev.Findings()
	known := map[string]bool{}
	for _, f := range findings {
		known[f.String()] = true
	}
	if s.deployed != nil {
		for _, f := range s.deployed.Findings() {
			if !known[f.String()] {
				findings = append(findings, f)
			}
		}
	}
	findings = slices.DeleteFunc(findings, func(f wrangler.Finding) bool {
		return f.Key != s.name && !strings.HasSuffix(f.Key, "."+s.name)
	})
	if len(findings) > 0 {
		s.printf("")
		s.w.Flush()
		writeFindings(s.stdout, findings)
	}
}

// place returns a source for a sentence.
func (s *story) place(source wrangler.Source) string {
	if source.Origin == wrangler.FromProcess {
		return "the process environment"
	}
	return escape(source.String())
}

// kindPhrase returns a kind of bindings for a sentence.
func kindPhrase(kind binding.Kind) string {
	switch kind {
	case binding.PlainText:
		return "a var"
	case binding.JSON:
		return "a JSON var"
	case binding.SecretText:
		return "a secret"
	}
	return "a binding of kind " + label(string(kind))
}

func counted(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

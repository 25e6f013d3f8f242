package wrangler

import (
	"cmp"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// candidates are what the sources have for one name.
type candidates struct {
	list  []candidate
	used  int32 // list[used-1] is the binding; 0 if the name has none
	named bool  // whether some source means it as a name; see Resolution.IsFragment
}

// candidate is a Candidate without its outcome, in less than half the memory: a file may have a
// million names.
type candidate struct {
	place
	binding binding.Binding
	remark  *remark // nil if it is empty
}

// place is a Source.
type place struct {
	in           *Source // without position and key; the places of a resolver share it
	key          string
	line, column uint32
}

func (p place) source() Source {
	s := *p.in
	s.Key, s.Line, s.Column = p.key, int(p.line), int(p.column)
	return s
}

// remark is what few candidates have.
type remark struct {
	dropped  Reason // "" if the candidate counts
	advice   string
	expanded bool
}

// comment returns the remark on c.
func (c candidate) comment() remark {
	if c.remark == nil {
		return remark{}
	}
	return *c.remark
}

// mostLines bounds the candidates from one file for one name.
const mostLines = 100

// add adds a candidate. Where one file has too many, it replaces the last.
func (c *candidates) add(added candidate) {
	if n := len(c.list); n >= mostLines && c.list[n-mostLines].in.File == added.in.File {
		c.list[n-1] = added
		return
	}
	c.list = append(c.list, added)
}

// use makes what p has the binding, and returns that. The place has been added before, unless its
// file has changed since; then the binding is the zero Binding.
func (c *candidates) use(p place) *candidate {
	for i := range slices.Backward(c.list) {
		if c.list[i].place == p {
			c.used = int32(i + 1)
			return &c.list[i]
		}
	}
	c.list, c.named = append(c.list, candidate{place: p}), true
	c.used = int32(len(c.list))
	return &c.list[c.used-1]
}

// isFragment is Resolution.IsFragment.
func (c *candidates) isFragment() bool { return c != nil && !c.named }

// last returns the last candidate from an origin that counts, nil if there is none.
func (c *candidates) last(origin Origin) *candidate {
	if c == nil {
		return nil
	}
	for i := range slices.Backward(c.list) {
		if one := &c.list[i]; one.in.Origin == origin && one.comment().dropped == "" {
			return one
		}
	}
	return nil
}

// winner returns the candidate that is used, nil if none is.
func (c *candidates) winner() *candidate {
	if c == nil || c.used == 0 {
		return nil
	}
	return &c.list[c.used-1]
}

// explain returns the candidates with their outcomes.
func (c *candidates) explain() []Candidate {
	uploaded := slices.ContainsFunc(c.list, candidate.isUploaded)
	list := make([]Candidate, 0, len(c.list))
	for i, one := range c.list {
		remark := one.comment()
		explained := Candidate{Source: one.source(), Binding: one.binding, Outcome: Shadowed, Expanded: remark.expanded}
		switch {
		case i == int(c.used)-1:
			explained.Outcome = Used
		case remark.dropped != "":
			explained.Outcome, explained.Reason = Dropped, remark.dropped
		case uploaded && !one.isUploaded():
			explained.Reason = SecretsFileWins
		default:
			explained.Reason = shadowing(one.in, c.winner().in)
		}
		explained.Advice = cmp.Or(remark.advice, reasons[explained.Reason].cure)
		list = append(list, explained)
	}
	return list
}

// text returns the text of a secret or a var.
func (c candidate) text() string {
	v, _ := c.binding.Value()
	return v.Reveal()
}

// isUploaded reports whether c is a secret that is uploaded with the Worker.
func (c candidate) isUploaded() bool {
	return c.in.Origin == FromSecretsFile || c.in.Origin == FromSecrets
}

// shadowing returns the reason why winner is used and loser is not.
func shadowing(loser, winner *Source) Reason {
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

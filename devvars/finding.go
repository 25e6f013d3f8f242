package devvars

import "slices"

// Rule is the stable name of what [File.Lint] looks for.
type Rule string

// The rules of Lint.
const (
	DuplicateKey  Rule = "duplicate-key"   // a later assignment to the same key replaces this one
	SkippedText   Rule = "skipped-text"    // a line that is no assignment, no comment and not blank is passed over
	OpenQuote     Rule = "open-quote"      // a value starts with a quote that does not end it, so the quote is part of it
	CutByHash     Rule = "cut-by-hash"     // a # without white space before it ends the value
	LiteralEscape Rule = "literal-escape"  // a backslash in quotes stays in the value
	NextLineValue Rule = "next-line-value" // the value stands on a later line than its key
	Expands       Rule = "expansion"       // a .env file with this text would give another value
	PeerDiffers   Rule = "godotenv"        // github.com/joho/godotenv 1.5.1 reads another value or none
	OuterSpace    Rule = "outer-space"     // the value begins or ends with white space, which its quotes keep
	EmptyValue    Rule = "empty-value"     // the value is empty
	InvalidUTF8   Rule = "invalid-utf8"    // the value has bytes that are no UTF-8, each read as U+FFFD
	PrototypeKey  Rule = "prototype-key"   // an assignment to __proto__ does nothing
)

// texts say what a rule found and what to do about it.
var texts = map[Rule]string{
	DuplicateKey:  "a later assignment replaces this one; remove one of them",
	SkippedText:   "not an assignment, so wrangler passes over it; write KEY=value, or # before a comment",
	OpenQuote:     "the first quote does not end the value, so the quotes are part of it; close it, or use another quote around it",
	CutByHash:     "the value ends at the # in it; put quotes around it if the # belongs to it",
	LiteralEscape: `a backslash stays in the value; only \n and \r in double quotes mean something`,
	NextLineValue: "the value is taken from a later line; put it behind the key, or write KEY=\"\"",
	Expands:       "the value has a $ that a .env file would expand; keep it in .dev.vars",
	PeerDiffers:   "godotenv reads this otherwise; programs that use it get another value",
	OuterSpace:    "the white space at the start or end of the value is part of it",
	EmptyValue:    "the value is empty; remove the line if it should be unset",
	InvalidUTF8:   "the value is not UTF-8; what is ill-formed is read as U+FFFD",
	PrototypeKey:  "an assignment to __proto__ does nothing; use another name",
}

// Rules returns all rules in alphabetical order. The caller owns the slice.
func Rules() []Rule {
	rules := make([]Rule, 0, len(texts))
	for r := range texts {
		rules = append(rules, r)
	}
	slices.Sort(rules)
	return rules
}

// Finding is something in a File that may not mean what its author thought. It holds no value.
type Finding struct {
	Rule Rule
	Pos  Position
	Key  string // the key whose assignment it is about, "" for skipped text
}

// Text says in one sentence what was found and what to do, without the place, the key or the value.
func (f Finding) Text() string { return texts[f.Rule] }

// String returns line:column: key: text (rule).
func (f Finding) String() string {
	s := f.Pos.String() + ": "
	if f.Key != "" {
		s += f.Key + ": "
	}
	return s + f.Text() + " (" + string(f.Rule) + ")"
}

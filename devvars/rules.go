package devvars

import "slices"

// Rule is the stable name of what a [Finding] is about.
type Rule string

// The rules of this package. See [Rules] for their meanings.
const (
	CutByHash           Rule = "cut-by-hash"
	DuplicateKey        Rule = "duplicate-key"
	EmptyValue          Rule = "empty-value"
	Encoding            Rule = "encoding"
	Unexpanded          Rule = "expansion"
	InvalidUTF8         Rule = "invalid-utf8"
	InvisibleCharacter  Rule = "invisible-character"
	LiteralEscape       Rule = "literal-escape"
	LookAlike           Rule = "look-alike"
	LostReference       Rule = "lost-reference"
	NextLineValue       Rule = "next-line-value"
	OpenQuote           Rule = "open-quote"
	OtherParsers        Rule = "other-parsers"
	OuterSpace          Rule = "outer-space"
	PathEscape          Rule = "path-escape"
	PEMLineEnds         Rule = "pem-line-ends"
	PrototypeKey        Rule = "prototype-key"
	SkippedText         Rule = "skipped-text"
	TypographicQuotes   Rule = "typographic-quotes"
	UnquotedLines       Rule = "unquoted-lines"
	UnresolvedReference Rule = "unresolved-reference"
)

// RuleInfo describes a rule.
type RuleInfo struct {
	Rule     Rule
	Severity Severity // of its findings
	Meaning  string   // what is wrong, a sentence without capital and full stop
	Cure     string   // what to do about it, likewise
	Example  string   // the text of a file with one finding of this rule and no other
}

// Rules returns the rules in the order of their names. The findings of [LostReference] come from
// [File.LostReferences], those of [OtherParsers] from package compat, and all others from
// [File.Findings]. The caller owns the slice.
func Rules() []RuleInfo { return slices.Clone(rules) }

var rules = []RuleInfo{{
	Rule: CutByHash, Severity: SeverityWarning,
	Meaning: "the value ends before this #, which starts a comment",
	Cure:    "put quotes around the value if the # belongs to it, or white space before the # if it does not",
	Example: "PASSWORD=abc#def\n",
}, {
	Rule: DuplicateKey, Severity: SeverityWarning,
	Meaning: "a later assignment to the same name replaces this one",
	Cure:    "keep the one that you mean",
	Example: "TOKEN=abc\nTOKEN=def\n",
}, {
	Rule: EmptyValue, Severity: SeverityNote,
	Meaning: "the value is empty, so the Worker gets an empty string",
	Cure:    `write the value, or "" to say that it is meant to be empty`,
	Example: "TOKEN=\n",
}, {
	Rule: Encoding, Severity: SeverityWarning,
	Meaning: "the file is not UTF-8 text, the only encoding that wrangler reads",
	Cure:    "save it as UTF-8",
	Example: "T\x00O\x00K\x00E\x00N\x00=\x00a\x00",
}, {
	Rule: Unexpanded, Severity: SeverityNote,
	Meaning: "wrangler replaces no references in .dev.vars, so the Worker gets this text as it is",
	Cure:    "write the value itself, or move the assignment to a .env file, where wrangler replaces references",
	Example: "URL=https://${HOST}/\n",
}, {
	Rule: InvalidUTF8, Severity: SeverityWarning,
	Meaning: "there are bytes that are not UTF-8, and wrangler reads each as U+FFFD",
	Cure:    "save the file as UTF-8",
	Example: "NAME=Gr\xfc\xdfe\n",
}, {
	Rule: InvisibleCharacter, Severity: SeverityWarning,
	Meaning: "an invisible character is in a name or value",
	Cure:    "delete it",
	Example: "TOKEN=abc\u200B\n",
}, {
	Rule: LiteralEscape, Severity: SeverityWarning,
	Meaning: `the backslash stays in the value, since \n and \r in double quotes are the only escapes`,
	Cure:    "write the character itself; quotes of one kind may be inside quotes of another kind",
	Example: `JSON="{\"a\": 1}"` + "\n",
}, {
	Rule: LookAlike, Severity: SeverityWarning,
	Meaning: "a character in the name is not one of ASCII, so wrangler ignores this line",
	Cure:    "write the name with A to Z, a to z, 0 to 9, _, . and -",
	Example: "\u0410PI_KEY=abc\n",
}, {
	Rule: LostReference, Severity: SeverityWarning,
	Meaning: "in .env files $ starts a reference, and no variable has the name after it, so wrangler removes both",
	Cure:    `write \$ for a dollar sign, define the variable before this line, or move the assignment to .dev.vars`,
	Example: "HASH=$2b$10$abcdef\n",
}, {
	Rule: NextLineValue, Severity: SeverityWarning,
	Meaning: "the value is on a later line than its name",
	Cure:    `move it to the line of the name, or write "" there if the value is meant to be empty`,
	Example: "TOKEN:\nNEXT=abc\n",
}, {
	Rule: OpenQuote, Severity: SeverityWarning,
	Meaning: "the first quote does not enclose the value, so the quotes are part of the value",
	Cure:    "add the closing quote at the end, or use quotes that are not in the value",
	Example: "NAME='abc\n",
}, {
	Rule: OtherParsers, Severity: SeverityNote,
	Meaning: "other parsers, such as godotenv, read another value or none",
	Cure:    "use simpler quoting if they read this file",
	Example: "LABEL=`abc`\n",
}, {
	Rule: OuterSpace, Severity: SeverityWarning,
	Meaning: "the white space at the start or the end, inside the quotes, is part of the value",
	Cure:    "move it out of the quotes if it does not belong to the value",
	Example: "TOKEN=\"abc \"\n",
}, {
	Rule: PathEscape, Severity: SeverityWarning,
	Meaning: `\n or \r in double quotes is a line break, in what looks like a path`,
	Cure:    "use single quotes or none",
	Example: `DIR="C:\new\repo"` + "\n",
}, {
	Rule: PEMLineEnds, Severity: SeverityWarning,
	Meaning: `the PEM text has a backslash and a letter where its lines end`,
	Cure:    `use double quotes, in which \n is a line break`,
	Example: `KEY='-----BEGIN KEY-----\nabc\n-----END KEY-----\n'` + "\n",
}, {
	Rule: PrototypeKey, Severity: SeverityWarning,
	Meaning: "an assignment to __proto__ has no effect",
	Cure:    "use another name",
	Example: "__proto__=abc\n",
}, {
	Rule: SkippedText, Severity: SeverityWarning,
	Meaning: "this is not an assignment, so wrangler ignores it",
	Cure:    "write NAME=value, or # before a comment",
	Example: "export TOKEN\n",
}, {
	Rule: TypographicQuotes, Severity: SeverityWarning,
	Meaning: "typographic quotes are part of the value",
	Cure:    `use ' or " instead`,
	Example: "NAME=\u201Cabc def\u201D\n",
}, {
	Rule: UnquotedLines, Severity: SeverityWarning,
	Meaning: "the value goes on in the next lines, and wrangler reads only the first line",
	Cure:    "put quotes around all of it",
	Example: "KEY=-----BEGIN KEY-----\nabcd\nefg=\n-----END KEY-----\n",
}, {
	Rule: UnresolvedReference, Severity: SeverityWarning,
	Meaning: "wrangler does not decrypt, look up or run anything in a value, so the Worker gets this text as it is",
	Cure:    "write the value itself, or let the tool that knows it write this file",
	Example: "TOKEN=op://vault/item/field\n",
}}

var infos = func() map[Rule]RuleInfo {
	m := map[Rule]RuleInfo{}
	for _, r := range rules {
		m[r.Rule] = r
	}
	return m
}()

// texts has the texts of the findings of each rule.
var texts = func() map[Rule]string {
	m := map[Rule]string{}
	for _, r := range rules {
		m[r.Rule] = r.text()
	}
	return m
}()

// Info returns the row of r in [Rules], the zero RuleInfo if it has none.
func (r Rule) Info() RuleInfo { return infos[r] }

// Finding returns a finding of the rule. Its text is the meaning and the cure.
func (r RuleInfo) Finding(p Position, key string) Finding {
	return Finding{
		Severity: r.Severity, Rule: r.Rule, Line: p.Line, Column: p.Column, Key: key, Text: r.text(),
	}
}

func (r RuleInfo) text() string { return r.Meaning + "; " + r.Cure }

package devvars

import (
	"cmp"
	"slices"
)

// Rule is the stable name of what a [Finding] is about.
type Rule string

// The rules of this package. See [Rules] for their meanings.
const (
	RuleCutByHash           Rule = "cut-by-hash"
	RuleDuplicateKey        Rule = "duplicate-key"
	RuleEmptyValue          Rule = "empty-value"
	RuleEncoding            Rule = "encoding"
	RuleUnexpanded          Rule = "expansion"
	RuleInvalidUTF8         Rule = "invalid-utf8"
	RuleInvisibleCharacter  Rule = "invisible-character"
	RuleLiteralEscape       Rule = "literal-escape"
	RuleLookAlike           Rule = "look-alike"
	RuleLostReference       Rule = "lost-reference"
	RuleNextLineValue       Rule = "next-line-value"
	RuleOpenQuote           Rule = "open-quote"
	RuleOtherParsers        Rule = "other-parsers"
	RuleOuterSpace          Rule = "outer-space"
	RulePathEscape          Rule = "path-escape"
	RulePEMLineEnds         Rule = "pem-line-ends"
	RulePrototypeKey        Rule = "prototype-key"
	RuleSkippedText         Rule = "skipped-text"
	RuleTypographicQuotes   Rule = "typographic-quotes"
	RuleUnquotedLines       Rule = "unquoted-lines"
	RuleUnresolvedReference Rule = "unresolved-reference"
)

// RuleInfo describes a rule.
type RuleInfo struct {
	Rule     Rule
	Severity Severity // of its findings
	Example  string   // the text of a file with one finding of this rule and no other
	Meaning  string   // what is wrong, a sentence without capital and full stop
	Cure     string   // what to do about it, likewise
}

// Rules returns the rules in the order of their names. The findings of [RuleLostReference] come from
// [File.LostReferences], those of [RuleOtherParsers] from package compat, and all others from
// [File.Findings]. The caller owns the slice.
func Rules() []RuleInfo { return slices.Clone(rules) }

var rules = []RuleInfo{
	{RuleCutByHash, SeverityWarning, "PASSWORD=abc#def\n",
		"the value ends before this #, which starts a comment",
		"put quotes around the value if the # belongs to it, or white space before the # if it does not"},
	{RuleDuplicateKey, SeverityWarning, "TOKEN=abc\nTOKEN=def\n",
		"a later assignment to the same name replaces this one",
		"keep the one that you mean"},
	{RuleEmptyValue, SeverityNote, "TOKEN=\n",
		"the value is empty, so the Worker gets an empty string",
		`write the value, or "" to say that it is meant to be empty`},
	{RuleEncoding, SeverityWarning, "T\x00O\x00K\x00E\x00N\x00=\x00a\x00",
		"the file is not UTF-8 text, the only encoding that wrangler reads",
		"save it as UTF-8"},
	{RuleUnexpanded, SeverityNote, "URL=https://${HOST}/\n",
		"wrangler replaces no references in .dev.vars, so the Worker gets this text as it is",
		"write the value itself, or move the assignment to a .env file, where wrangler replaces references"},
	{RuleInvalidUTF8, SeverityWarning, "NAME=Gr\xfc\xdfe\n",
		"there are bytes that are not UTF-8, and wrangler reads each as U+FFFD",
		"save the file as UTF-8"},
	{RuleInvisibleCharacter, SeverityWarning, "TOKEN=abc\u200B\n",
		"an invisible character is in a name or value",
		"delete it"},
	{RuleLiteralEscape, SeverityWarning, `JSON="{\"a\": 1}"` + "\n",
		`the backslash stays in the value, since \n and \r in double quotes are the only escapes`,
		"write the character itself; quotes of one kind may be inside quotes of another kind"},
	{RuleLookAlike, SeverityWarning, "\u0410PI_KEY=abc\n",
		"a character in the name is not one of ASCII, so wrangler ignores this line",
		"write the name with A to Z, a to z, 0 to 9, _, . and -"},
	{RuleLostReference, SeverityWarning, "HASH=$2b$10$abcdef\n",
		"in .env files $ starts a reference, and no variable has the name after it, so wrangler removes both",
		`write \$ for a dollar sign, define the variable before this line, or move the assignment to .dev.vars`},
	{RuleNextLineValue, SeverityWarning, "TOKEN:\nNEXT=abc\n",
		"the value is on a later line than its name",
		`move it to the line of the name, or write "" there if the value is meant to be empty`},
	{RuleOpenQuote, SeverityWarning, "NAME='abc\n",
		"the first quote does not enclose the value, so the quotes are part of the value",
		"add the closing quote at the end, or use quotes that are not in the value"},
	{RuleOtherParsers, SeverityNote, "LABEL=`abc`\n",
		"other parsers, such as godotenv, read another value or none",
		"use simpler quoting if they read this file"},
	{RuleOuterSpace, SeverityWarning, "TOKEN=\"abc \"\n",
		"the white space at the start or the end, inside the quotes, is part of the value",
		"move it out of the quotes if it does not belong to the value"},
	{RulePathEscape, SeverityWarning, `DIR="C:\new\repo"` + "\n",
		`\n or \r in double quotes is a line break, in what looks like a path`,
		"use single quotes or none"},
	{RulePEMLineEnds, SeverityWarning, `KEY='-----BEGIN KEY-----\nabc\n-----END KEY-----\n'` + "\n",
		`the PEM text has a backslash and a letter where its lines end`,
		`use double quotes, in which \n is a line break`},
	{RulePrototypeKey, SeverityWarning, "__proto__=abc\n",
		"an assignment to __proto__ has no effect",
		"use another name"},
	{RuleSkippedText, SeverityWarning, "export TOKEN\n",
		"this is not an assignment, so wrangler ignores it",
		"write NAME=value, or # before a comment"},
	{RuleTypographicQuotes, SeverityWarning, "NAME=\u201Cabc def\u201D\n",
		"typographic quotes are part of the value",
		`use ' or " instead`},
	{RuleUnquotedLines, SeverityWarning, "KEY=-----BEGIN KEY-----\nabcd\nefg=\n-----END KEY-----\n",
		"the value goes on in the next lines, and wrangler reads only the first line",
		"put quotes around all of it"},
	{RuleUnresolvedReference, SeverityWarning, "TOKEN=op://vault/item/field\n",
		"wrangler does not decrypt, look up or run anything in a value, so the Worker gets this text as it is",
		"write the value itself, or let the tool that knows it write this file"},
}

// Info returns the row of r in [Rules], the zero RuleInfo if it has none.
func (r Rule) Info() RuleInfo {
	i, ok := slices.BinarySearchFunc(rules, r, func(info RuleInfo, r Rule) int { return cmp.Compare(info.Rule, r) })
	if !ok {
		return RuleInfo{}
	}
	return rules[i]
}

// Finding returns a finding of r. Its text is the meaning and the cure.
func (r Rule) Finding(p Position, key string) Finding {
	info := r.Info()
	return Finding{
		Severity: info.Severity, Rule: r, Line: p.Line, Column: p.Column, Key: key,
		Text: info.Meaning + "; " + info.Cure,
	}
}

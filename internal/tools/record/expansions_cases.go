package main

import "strings"

var referenceExpansions = []expansion{
	in("none", "a value without $ stays", "A=plain\n"),
	in("bare", "$NAME is the value", "A=1\nB=$A\n"),
	in("braces", "${NAME} is the value", "A=1\nB=${A}\n"),
	in("in-text", "text around references stays", "A=1\nB=a$A-b${A}c\n"),
	in("bare-ends-at-punctuation", "a bare name ends before a character that is not a letter, digit or underscore",
		"A=1\nB=$A.x\nC=$A-x\nD=$Ax\n"),
	in("bare-digit-first", "a bare name does not start with a digit", "1=x\nA=$1\n"),
	in("bare-underscore", "a bare name may start with an underscore", "_a1=x\nA=$_a1\n"),
	in("bare-unicode", "a bare name ends at a letter beyond ASCII", "A=1\nB=$Aé\n"),
	in("braces-any-name", "a name in braces may have dots and digits", "a.b=1\n2=x\nC=${a.b}${2}\n"),
	in("braces-dash-in-name", "a name in braces can't have a dash", "A-B=1\nA=2\nC=${A-B}\n"),
	in("braces-spaces", "a name in braces is taken with its spaces", "A=1\nB=${ A }|${A }\n"),
	in("braces-line-end", "braces may span lines", "A=1\nB='${A\n}|${X:-a\nb}'\n"),
	in("braces-unicode", "a name in braces may have any characters", "A=${é}|${😀:-d}\n"),
	in("braces-empty", "${} is not a reference", "A=${}\nB=$A\n"),
	in("braces-open", "an open brace is not a reference", "A=1\nB=${A\n"),
	in("braces-open-then-bare", "a bare reference after $ and an open brace", "A=1\nB=${$A\n"),
	in("dollar-alone", "$ alone stays", "A=$\nB=a$ b\nC=$-\n"),
	in("dollar-parenthesis", "$(...) stays", "A=$(echo x)\n"),
	in("dollar-twice", "$$NAME is $ and the value", "A=1\nB=$$A\nC=$$$A\n"),
	in("dollar-twice-lower-case", "the rest of a password after $$ may be a name", "A=pa$$word\n"),
	in("bcrypt", "a bcrypt hash loses what looks like a name", "A=$2b$10$ABCdef.gh\n"),
	in("unset", "a name without a value is the empty text", "A=a${X}b$Y.c\n"),
	in("empty-is-unset", "an empty value counts as unset", "A=\nB=a${A}b\n"),
	in("single-quotes", "single quotes do not stop the expansion", "A=1\nB='$A ${A}'\n"),
	in("backticks", "back quotes do not stop the expansion", "A=1\nB=`$A`\n"),
	in("double-quotes-newline", "\\n is a line end before the expansion", "A=\"x\\ny\"\nB=\"[${A}]\"\n"),
	in("zero-and-false", "0 and false are values like any other", "A=0\nB=false\nC=$A$B${A:-d}${B:-d}\n"),
	in("case", "names differ in case", "A=1\na=2\nB=$a$A\n"),
	in("non-bmp", "characters beyond the BMP stay whole", "A=😀\nB=😀${A}😀$A😀\n"),
}

var operatorExpansions = []expansion{
	in("default", "${X:-text} is text if X is unset", "A=${X:-d}\n"),
	in("default-set", "${A:-text} is the value if A is set", "A=1\nB=${A:-d}\n"),
	in("default-of-empty", "${A:-text} is text if A is empty", "A=\nB=${A:-d}\n"),
	in("dash", "${X-text} is text if X is unset", "A=${X-d}\n"),
	in("dash-set", "${A-text} is the value if A is set", "A=1\nB=${A-d}\n"),
	in("dash-of-empty", "${A-text} is text if A is empty, too", "A=\nB=${A-d}\n"),
	in("plus", "${A+text} is text if A is set", "A=1\nB=${A+d}|${X+d}\n"),
	in("plus-of-empty", "${A+text} is nothing if A is empty", "A=\nB=[${A+d}]\n"),
	in("colon-plus", "${A:+text} is text if A is set", "A=1\nB=${A:+d}|${X:+d}\n"),
	in("colon-plus-of-empty", "${A:+text} is nothing if A is empty", "A=\nB=[${A:+d}]\n"),
	in("default-empty", "the default may be empty", "A=[${X:-}]\nB=[${X-}]\n"),
	in("default-with-operators", "operators after the first belong to the default", "A=${X:-a:-b-c+d:+e}\n"),
	in("plus-with-operators", "the same operator after the first stays too", "A=1\nB=${A:+x:+y}\nC=${A+x+y}\n"),
	in("default-with-url", "a URL as the default", "A=${X:-https://x.example:80/?a=b}\n"),
	in("first-operator-counts", "the first operator counts, in the text and not in the list",
		"A=1\nB=${A-x:+y}\nC=${X+a:-b}\n"),
	in("colon-alone", "a colon alone is part of the name", "A=1\nB=[${A:x}]\n"),
	in("question", "? is part of the name", "A=1\nB=[${A?x}][${A:?x}]\n"),
	in("equals", "= is part of the name", "A=1\nB=[${A=x}][${X:=x}]\n"),
	in("no-name-default", "a default without a name", "A=${:-d}\nB=${-d}\n"),
	in("no-name-plus", "an alternative without a name is nothing", "A=[${:+d}][${+d}]\n"),
	in("plus-minus", "${A+-text}", "A=1\nB=${A+-d}\nC=${A:+-d}\nD=${A-+d}\nE=${X-+d}\n"),
	in("plus-value-of-other", "the alternative may refer to another name", "A=1\nB=2\nC=${A:+$B}\n"),
}

var nestingExpansions = []expansion{
	in("nested-default", "the innermost braces go first", "A=${X:-${Y:-d}}\n"),
	in("nested-default-set", "a default that is a reference", "B=1\nA=${X:-${B}}\n"),
	in("nested-not-needed", "a default that is a reference and is not needed", "A=1\nB=2\nC=${A:-${B}}\n"),
	in("nested-three", "three levels", "A=${X:-${Y:-${Z:-d}}}\n"),
	in("nested-two-in-default", "two references in a default", "B=1\nC=2\nA=${X:-${B}-${C}}\n"),
	in("nested-in-plus", "a reference in an alternative", "A=1\nB=2\nC=${A:+x${B}y}\n"),
	in("nested-name", "a name may contain a reference", "A=B\nB=x\nC=${${A}}\n"),
	in("nested-name-affix", "a part of a name may be a reference", "A=1\nB1=x\nC=${B${A}}\n"),
	in("nested-bare-default", "a bare reference as the default", "B=1\nA=${X:-$B}\n"),
	in("nested-bare-before-braces", "the first reference that is complete goes first", "B=1\nA=$B${X:-${B}}\n"),
	in("nested-braces-in-default", "a brace in the default ends the reference", "A=${X:-{a}}\n"),
	in("nested-json-default", "JSON as the default is cut", "A='${X:-{\"a\":1}}'\n"),
	in("nested-unbalanced", "one closing brace too many stays", "A=1\nB=${A}}\n"),
	in("substituted-is-expanded", "a substituted value is expanded again", "A='\\${B}'\nB=1\nC=[${A}]\n"),
	in("substituted-makes-reference", "text and a substituted value together may make a reference", "A=B\nB=1\nC=$${A}\n"),
}

var escapeExpansions = []expansion{
	in("escaped", "\\$ starts no reference and becomes $", "A=1\nB=\\$A\nC=\\${A}\n"),
	in("escaped-then-reference", "a reference after an escaped one of the same text: the escaped one is replaced first",
		"A=1\nB=\\$A$A\n"),
	in("escaped-same-template",
		"the first occurrence of the text of a reference is replaced, which may be the escaped one",
		"A=1\nB=x\\${A}${A}y\n"),
	in("escaped-twice", "two backslashes: the second escapes", "A=1\nB=\\\\$A\nC=\\\\\\$A\n"),
	in("escaped-dollar-alone", "\\$ alone becomes $", "A=a\\$b\nB=\\$\n"),
	in("escaped-in-default", "an escaped reference in a default", "A=1\nB=${X:-\\$A}\n"),
	in("escaped-default-braces", "an escaped reference with a default", "A=\\${X:-d}\n"),
	in("escaped-inner", "an escaped reference inside braces", "A=1\nB=${X:-\\${A}}\n"),
	in("escaped-value-referred", "the $ from \\$ is expanded where the value is substituted", "A=x\nB=\\$A\nC=[$B]\n"),
	in("escaped-value-unreferred", "the $ from \\$ is not expanded in the value itself", "A=x\nB=\\$A\n"),
	in("backslash-elsewhere", "other backslashes stay", "A=a\\b\\{c\\}\nB=$A\n"),
	in("escaped-key-and-default", "\\$ in the default of an unset name", "A=${X:-a\\$b}\n"),
	in("escaped-before-brace", "\\$ before a brace that does not start a reference", "A=\\${\nB=\\$}\n"),
}

var orderExpansions = []expansion{
	in("earlier-key", "a reference sees the keys before its own", "A=1\nB=$A\n"),
	in("later-key", "a reference does not see the keys after its own", "A=[$B]\nB=1\n"),
	in("later-key-default", "the default of a later key", "A=${B:-d}\nB=1\n"),
	in("chain", "a chain of references", "A=1\nB=${A}2\nC=${B}3\nD=${C}4\n"),
	in("integer-key-first", "an integer key is expanded before all others", "A=1\n2=two-${A}\nB=$2${2}\n"),
	in("integer-keys-ascending", "integer keys are expanded ascending", "2=b${1}\n1=a${2}\n"),
	in("duplicate-key", "the last value of a key, in its first place", "A=1\nB=$A\nA=2\n"),
	in("expanded-once", "a reference puts in the expanded value", "A=1\nB='x$A'\nC='$B$B'\n"),
	in("long-chain", "a chain of fifty keys", chain(50)),
}

func chain(n int) string {
	var b strings.Builder
	b.WriteString("A=x\n")
	for i := range n {
		key := strings.Repeat("B", i+1)
		before := "A"
		if i > 0 {
			before = key[1:]
		}
		b.WriteString(key + "=${" + before + "}y\n")
	}
	return b.String()
}

var cycleExpansions = []expansion{
	in("self", "a reference to itself finds nothing", "A=x${A}\n"),
	in("self-alone", "a value that is a reference to itself is empty", "A=$A\n"),
	in("self-default", "a reference to itself has its default", "A=${A:-d}\n"),
	in("cycle-of-two", "a cycle finds nothing", "A=$B\nB=$A\n"),
	in("cycle-of-three", "a cycle of three finds nothing", "A=${B}\nB=${C}\nC=${A}x\n"),
	in("stops-at-equal", "the expansion stops when the text is the value of the name", "A=\\$B\nB=x\nC=$A\n"),
	in("seen-value", "a value that the whole text was before is replaced with the default", "A='\\${A}'\nB='${A}'\n"),
	in("seen-value-default", "and the default may be a text", "A='\\${A:-d}'\nB='${A:-d}'\n"),
	in("endless-growth", "an escaped copy of the reference makes the value grow without end", "B=y\\$B\nA=x\\${B}${B}\n"),
	in("endless-self-in-other", "a reference that returns in a longer text makes the value grow without end",
		"A='x\\${A}'\nB='y${A}'\n"),
	in("doubling", "each value twice the one before", "A=xx\nB=$A$A\nC=$B$B\nD=$C$C\n"),
}

var patternExpansions = []expansion{
	in("pattern-dollars", "$$ in a value that is put in becomes $", "D='$$'\nA=x${D}y\n"),
	in("pattern-match", "$& in a value that is put in becomes the reference", "M='a$&b'\nA=${M}\n"),
	in("pattern-match-default", "$& in a default becomes the reference", "A='${X:-a$&b}'\n"),
	in("pattern-before", "$` becomes the text before the reference", "O='$`'\nA='x${O}y'\n"),
	in("pattern-after", "$' becomes the text after the reference", "O=\"$'\"\nA='x${O}y'\n"),
	in("pattern-before-and-after", "both around a text", "O=\"$`-$'\"\nA='x${O}y'\n"),
	in("pattern-digit", "$1 in a value stays", "D='$1'\nA=x${D}y\n"),
	in("pattern-two-digits", "$10 in a value stays", "D='$10 $01'\nA=x${D}y\n"),
	in("pattern-name", "$<n> in a value stays", "D='$<n>'\nA=x${D}y\n"),
	in("pattern-three-dollars", "$$$ in a value", "D='$$$'\nA=x${D}y\n"),
	in("pattern-dollars-name", "$$ and a name in a value", "D='$$A'\nA=1\nB=x${D}y\n"),
	in("pattern-not-in-own-value", "patterns in a value without references stay", "A='$$ $& $`'\n"),
	in("pattern-before-in-default", "$` in a default", "A='x${X:-$`}y'\n"),
	in("pattern-with-reference-before", "$` may bring an escaped reference again", "O='$`'\nB=1\nA='\\${B}${O}'\n"),
}

var inheritedExpansions = []expansion{
	in("inherited-constructor", "${constructor} finds a function", "A=${constructor}\n"),
	in("inherited-constructor-bare", "$constructor finds a function", "A=$constructor\n"),
	in("inherited-to-string", "${toString} finds a function and calls it", "A=a${toString}b\n"),
	in("inherited-to-locale-string", "${toLocaleString} finds a function and calls it", "A=a${toLocaleString}b\n"),
	in("inherited-value-of", "${valueOf} finds a function and calls it", "A=a${valueOf}b\n"),
	in("inherited-has-own-property", "${hasOwnProperty} finds a function and calls it", "A=a${hasOwnProperty}b\n"),
	in("inherited-is-prototype-of", "${isPrototypeOf} finds a function and calls it", "A=a${isPrototypeOf}b\n"),
	in("inherited-property-is-enumerable", "${propertyIsEnumerable} finds a function and calls it",
		"A=a${propertyIsEnumerable}b\n"),
	in("inherited-proto", "${__proto__} finds an object", "A=a${__proto__}b\n"),
	in("inherited-define-getter", "${__defineGetter__} finds a function and calls it", "A=a${__defineGetter__}b\n"),
	in("inherited-define-setter", "${__defineSetter__} finds a function and calls it", "A=a${__defineSetter__}b\n"),
	in("inherited-lookup-getter", "${__lookupGetter__} finds a function and calls it", "A=a${__lookupGetter__}b\n"),
	in("inherited-lookup-setter", "${__lookupSetter__} finds a function and calls it", "A=a${__lookupSetter__}b\n"),
	in("inherited-default", "an inherited name counts as set", "A=a${isPrototypeOf:-d}b\n"),
	in("inherited-alternative", "the alternative of an inherited name, found nowhere else", "A=a${isPrototypeOf:+d}b\n"),
	in("inherited-alternative-to-string", "the alternative of toString", "A=a${toString:+d}b\n"),
	in("inherited-alternative-constructor", "the alternative of constructor", "A=a${constructor:+d}b\n"),
	in("inherited-key-constructor", "a key named constructor", "constructor=x\n"),
	in("inherited-key-to-string", "a key named toString", "toString=x\nA=1\n"),
	in("inherited-key-has-own-property", "a key named hasOwnProperty", "hasOwnProperty=x\n"),
	in("inherited-key-proto", "a key named __proto__ is ignored", "__proto__=x\nA=${__proto__}\n"),
	in("inherited-key-length", "no object inherits length", "length=x\nA=$length\nB=${name:-d}\n"),
}

var processExpansions = []expansion{
	{"process-first", "the process environment comes first", []string{"A=1\n"}, [][2]string{{"P", "p"}, {"Q", "q"}}},
	{"process-referred", "a reference finds the process environment", []string{"A=${P}\n"}, [][2]string{{"P", "p"}}},
	{"process-wins", "a process variable wins over the file, in its own place", []string{"A=1\nB=$A\n"},
		[][2]string{{"P", "p"}, {"A", "0"}}},
	{"process-equal", "a process variable that is equal to the text of the file is expanded", []string{"A=$B\n"},
		[][2]string{{"B", "b"}, {"A", "$B"}}},
	{"process-empty-loses", "an empty process variable does not override the file", []string{"A=1\n"},
		[][2]string{{"A", ""}}},
	{"process-empty-in-reference", "an empty process variable hides a value from references", []string{"A=1\nB=[$A]\n"},
		[][2]string{{"A", ""}}},
	{"process-not-expanded", "a process variable is not expanded", []string{"B=1\nA=x\n"}, [][2]string{{"A", "$B ${B}"}}},
	{"process-unescaped-if-in-file", "\\$ in a process variable becomes $ if the file has the key", []string{"A=x\n"},
		[][2]string{{"A", "a\\$b"}}},
	{"process-escaped-if-not-in-file", "\\$ in a process variable stays if the file lacks the key", []string{"B=x\n"},
		[][2]string{{"A", "a\\$b"}}},
	{"process-value-expanded-where-put-in", "references in a process variable are expanded where it is put in",
		[]string{"A=1\nB=$P\n"}, [][2]string{{"P", "x$A"}}},
	{"process-self-reference", "a file cannot extend a process variable: its value replaces that of the file",
		[]string{"PATH=/x:$PATH\n"}, [][2]string{{"PATH", "/bin"}}},
	{"process-integer-keys", "integer keys come before the process environment", []string{"1=x\nA=$P\n"},
		[][2]string{{"P", "p"}, {"2", "q"}}},
	{"process-without-files", "no file at all", nil, [][2]string{{"P", "$Q"}, {"Q", "q"}}},
	{"process-proto", "__proto__ in the process environment is ignored", []string{"A=1\n"},
		[][2]string{{"__proto__", "p"}}},
	{"process-constructor", "a process variable named constructor is a string", []string{"A=${constructor}\n"},
		[][2]string{{"constructor", "c"}}},
	{"process-key-constructor", "a key named constructor works if the process environment has that name",
		[]string{"constructor=x\n"},
		[][2]string{{"constructor", "c"}}},
	{"process-empty-constructor", "an empty process variable hides an inherited property",
		[]string{"A=[${constructor}]\n"},
		[][2]string{{"constructor", ""}}},
	{"process-cycle", "a cycle through the process environment ends", []string{"A=$P\n"}, [][2]string{{"P", "$A"}}},
	{"process-self-longer", "a process variable that refers to itself in a longer text", []string{"A=$P\n"},
		[][2]string{{"P", "x$P"}}},
	{"process-self-alone", "a process variable that is a reference to itself", []string{"A=a$P\n"},
		[][2]string{{"P", "$P"}}},
}

var fileExpansions = []expansion{
	{"files-override", "the later file overrides, in the first place", []string{"A=1\nB=2\n", "C=3\nA=4\n"}, nil},
	{"files-later-key", "a reference does not see a key that comes after its own, from whichever file",
		[]string{"URL=https://$HOST/\nHOST=a\n", "HOST=b\n"}, nil},
	{"files-expanded-once",
		"all files are merged before they are expanded, so a reference sees the value of the last file",
		[]string{"HOST=a\nURL=https://$HOST/\n", "HOST=b\n"}, nil},
	{"files-empty", "an empty file changes nothing", []string{"A=1\n", ""}, nil},
	{"files-empty-value-overrides", "an empty value overrides", []string{"A=1\nB=[$A]\n", "A=\n"}, nil},
	{"files-four", "four files", []string{"A=1\nX=$A\n", "A=2\n", "A=3\n", "A=4\nX=x$A\n"}, nil},
	{"files-constructor-overrides", "a key named constructor in a later file", []string{"A=1\n", "constructor=2\n"}, nil},
	{"files-none", "no files, no entries", nil, nil},
}

package docgen

// pieces are what adversarial documents are made of, grouped so that each group is as likely as another.
var pieces = [][]string{
	keyPieces,
	assignPieces,
	{"'", `"`, "`"},
	{`\'`, `\"`, "\\`", `\n`, `\r`, `\t`, `\\`, `\`},
	{"#", " #", "# c", "#'", `#"`},
	{"\n", "\r", "\r\n", "\n\n"},
	{"\u2028", "\u2029"},
	{" ", "\t", "\v", "\f", "\u00a0", "\ufeff"},
	{"\u1680", "\u2000", "\u2005", "\u200a", "\u202f", "\u205f", "\u3000"},
	{"\u0085", "\u200b", "\u180e", "\u001c", "\x00", "\x7f"},
	{"\xff", "\xc3", "\xe2\x80", "\xed\xa0\x80", "\xf0\x9f\x98", "\xc0\xaf", "\xef\xbb", "\xf4\x90\x80\x80"},
	{"é", "😀", "\ufffd", "ﬁ"},
	{"a", "b c", "x=y", "{}", "$", "${A}", "n", "r"},
	{"export", "export ", "export\t", "export\n", "exportA", "export export "},
	{"__proto__=1", "__proto__='1'", "constructor=1", "toString=1"},
}

var keyPieces = []string{
	"A", "A", "B", "C", "_", "A.B", "A-B", ".", "-", "1A", "export",
	"0", "1", "2", "10", "01", "-1", "1.5", "4294967294", "4294967295", "4294967296",
	"__proto__", "constructor", "é",
}

var assignPieces = []string{"=", "=", "=", " = ", "= ", " =", ": ", ":", ":\t", ":  ", "\n=", "=\n", ":\n", "=="}

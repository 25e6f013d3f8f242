package sample

import (
	"fmt"
	"strings"
)

// References are shapes of .env files whose expansion may be slow.
var References = []Shape{
	{"one host", keys("HOST=example.com\n", func(i int) string {
		return fmt.Sprintf("URL_%d=https://${HOST}/%d\n", i, i)
	}, "")},
	{"chain", keys("B0=x\n", func(i int) string { return fmt.Sprintf("B%d=${B%d}x\n", i+1, i) }, "")},
	{"chain to the left", keys("B0=x\n", func(i int) string { return fmt.Sprintf("B%d=x${B%d}\n", i+1, i) }, "")},
	{"doubling", keys("B0=x\n", func(i int) string { return fmt.Sprintf("B%d=${B%d}${B%d}\n", i+1, i, i) }, "")},
	{"dollars", repeat("A=", "$", "\n")},
	{"escaped dollars", repeat("A=", `\$`, "\n")},
	{"escaped dollars in many", keys("", func(i int) string { return fmt.Sprintf("B%07d=\\$x$x\n", i) }, "")},
	{"values of one length", keys("", func(i int) string { return fmt.Sprintf("B%07d=\\$%07d$B0$B0$B1\n", i, i) }, "")},
	{"values of one text", keys("X=\\$y\n", func(i int) string { return fmt.Sprintf("B%d=$X\n", i) }, "")},
	{"open braces", repeat("A=", "${", "\n")},
	{"open braces, closed", repeat("A=", "${", "}}}}\n")},
	{"nested defaults", nested("A=", "${B:-", "}", "\n")},
	{"nested alternatives", nested("C=1\nA=", "${C:+", "}", "\n")},
	{"one value, many references", repeat("X=1\nA=", "$X", "\n")},
	{"references to a missing key", repeat("A=", "$X", "\n")},
	{"defaults", repeat("A=", "${X:-y}", "\n")},
	{"replacement pattern $`", repeat("X=$`\nA=", "$X", "\n")},
	{"replacement pattern $'", repeat("X=$'\nA=", "$X", "\n")},
	{"escape before references", repeat("X=1\nA=", `\$X$X`, "\n")},
	{"escapes, then references", func(n int) []byte {
		return []byte("X=\nA=" + strings.Repeat(`\$X`, n/5-4) + strings.Repeat("$X", n/5-4) + "\n")
	}},
	{"to itself", keys("", func(i int) string { return fmt.Sprintf("B%d=$B%d\n", i, i) }, "")},
	{"to the next", keys("", func(i int) string { return fmt.Sprintf("B%d=$B%d\n", i, i+1) }, "")},
	{"built-in names", repeat("A=", "$toString", "\n")},
	{"half of the file", func(n int) []byte {
		return []byte("X=" + strings.Repeat("y", n/2-4) + "\n" + strings.Repeat("A=$X\n", n/10))
	}},
	{"braces", repeat("A=$", "{}", "\n")},
	{"long name", repeat("A=$", "x", "\n")},
}

// nested returns documents with as many nested pairs of open and closing as fit.
func nested(before, open, closing, after string) func(n int) []byte {
	return func(n int) []byte {
		count := max(0, n-len(before)-len(after)) / (len(open) + len(closing))
		return []byte(before + strings.Repeat(open, count) + strings.Repeat(closing, count) + after)
	}
}

package leaks_test

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/devvars/compat"
)

// word is the part of the canary without white space and quotes.
var word = canary[:23]

// devVars is a file with all kinds of findings. All values and comments are the canary.
var devVars = strings.ReplaceAll(`A=@
A='@'
@ is ignored
B="@
C=@#@
D="@\t@"
E=
"@"
F=${@}$A
G=" @ "
H=""
I=@`+"\xff"+`
__proto__=@
export J: @ # @
K=\@\n@
L="C:\new\@"
M='-----BEGIN @\n'
N=@`+"\u200B"+`
`+"\u200B"+`@=@
`+"\u0410"+`@=@
O=“@”
P=op://@
Q=${@}
R=-----BEGIN @
@==
S={
  @: "@"
}
T="@ "@"
@: @
@"
@@@==
`, "@", word)

func devvarsSpecimens() []specimen {
	f := devvars.Parse([]byte(devVars))
	assignments := slices.Collect(f.Assignments())
	expansion := must(devvars.Expand(f.All(), devvars.ExpandOptions{}))
	whole := must(devvars.Expand(devvars.Parse([]byte("A=`"+canary+"`\nB=$A$A")).All(), devvars.ExpandOptions{}))
	findings := slices.Concat(slices.Collect(f.Findings()), slices.Collect(f.LostReferences(expansion)))
	fragment := slices.IndexFunc(assignments, devvars.Assignment.IsFragment)
	list := []specimen{
		specimenOf("File", f),
		specimenOf("File by value", *f),
		specimenOf("Assignment", assignments[1]),
		specimenOf("Fragment", assignments[fragment]),
		specimenOf("Assignments", assignments),
		specimenOf("Expansion", expansion),
		specimenOf("Expansion by value", *whole),
		specimenOf("devvars findings", findings),
		specimenOf("devvars finding", findings[0]),
		specimenOf("compat findings", slices.Collect(compat.Findings(f))),
	}
	return append(list, devvarsErrors(f)...)
}

// devvarsErrors returns errors of every type of package devvars. All values are the canary.
func devvarsErrors(f *devvars.File) []specimen {
	_, quote := devvars.Quote(canary + "'\"`#\r\xff")
	_, absent := devvars.ReadFile("testdata/absent")
	return errorSpecimens("devvars", map[string]error{
		"key":     f.Set(canary, canary),
		"value":   f.Set("A", canary+"'\"`#\r\xff"),
		"Quote":   quote,
		"file":    absent,
		"write":   f.WriteFile("testdata/absent/x"),
		"builtin": expandError("toString=@\nA=$valueOf@", 0),
		"endless": expandError("A=`@$constructor`", 0),
		"size":    expandError("A=`@`\nB=`$A$A$A$A@`", len(canary)),
	})
}

func expandError(text string, maxBytes int) error {
	f := devvars.Parse([]byte(strings.ReplaceAll(text, "@", canary)))
	_, err := devvars.Expand(f.All(), devvars.ExpandOptions{MaxBytes: maxBytes})
	return err
}

package devvars_test

import "github.com/workerenv/workerenv/devvars"

// expandCases were recorded from dotenv-expand 12.0.2 on node 22.23.3, on 2026-11-23, with
// expand({processEnv: {...process}, parsed: {...vars}}). They supplement testdata/expand.json. A
// case has the variables as NAME=value and the resulting processEnv, or err if dotenv-expand did
// not end.
var expandCases = []struct {
	name, comment string
	process       []string
	vars          []string
	want          []string
	err           error
}{
	{
		name: "dollar dollar unset", comment: "what is left can form a reference",
		vars: []string{"A=pa$$word", "B=$$X{A}"},
		want: []string{"A=pa$", "B=pa$"},
	},
	{
		name: "brace open", comment: "no end, no reference; the one inside is one",
		vars: []string{"B=b", "A=${B $B ${ $B"},
		want: []string{"B=b", "A=${B b ${ b"},
	},
	{
		name: "brace other inside", comment: "a brace in between",
		vars: []string{"B=b", "A=${B{} ${{B}} ${B}}"},
		want: []string{"B=b", "A=${B{} ${{B}} b}"},
	},
	{
		name: "brace holds dollar", comment: "an unbraced reference inside braces is part of the name",
		vars: []string{"B=b", "B$B=x", "A=${B$B}|${X$B}|${X-$B}"},
		want: []string{"B=b", "B$B=x", "A=x||b"},
	},
	{
		name: "brace completed", comment: "a replacement can complete a reference",
		vars: []string{"B=n", "n=found", "L={n}", "C=}", "A=$$L|${n$C}|${n$C", "D=${n$C"},
		want: []string{"B=n", "n=found", "L={n}", "C=}", "A=found||found", "D=found"},
	},
	{
		name: "name completed", comment: "a replacement can complete a name",
		vars: []string{`D=\$`, "AME=x", "NAME=y", "A=${D}NAME $${X}NAME"},
		want: []string{"D=$", "AME=x", "NAME=y", "A=y y"},
	},
	{
		name: "escape twice", comment: "in the end every backslash before a dollar sign goes",
		vars: []string{`B=\\$C`, `A=$B|\\\$C`},
		want: []string{`B=\$C`, `A=$C|\\$C`},
	},
	{
		name: "escape from value", comment: "a backslash at the end of a value escapes",
		vars: []string{`B=b\`, "C=c", "A=${B}$C ${B}${C}"},
		want: []string{`B=b\`, "C=c", "A=b$C b${C}"},
	},
	{
		name: "escape first occurrence", comment: "the first occurrence is replaced, not the first reference",
		vars: []string{"B=b", `A=\$B $B`, `C=\${B}-${B}`, `D=\$BC $B`},
		want: []string{"B=b", `A=\b b`, `C=\b-b`, `D=\bC b`},
	},
	{
		name: "escape first occurrence rescan", comment: "what is put in there is searched again",
		vars: []string{"B=x${C}", "C=c", `A=\$B ${C:-d} $B`},
		want: []string{"B=x", "C=c", `A=\x c x`},
	},
	{
		name: "escape first occurrence in open", comment: "an open brace before it can be closed by what is put in",
		vars: []string{"B=}", `\=name`, `A=${\$B {$B`},
		want: []string{"B=}", `\=name`, "A=name {}"},
	},
	{
		name: "default first operator", comment: "the first of the four counts",
		vars: []string{"B=b", "A=${X-a:-b} ${X:-a-b} ${X-a+b} ${X+a-b} ${X::-a} ${X:--a} ${X--a}"},
		want: []string{"B=b", "A=a:-b a-b a+b  a -a -a"},
	},
	{
		name: "alternative first operator", comment: "the first of the four counts",
		vars: []string{"B=b", "A=${B+a:-b} ${B:+a-b} ${B+a+b} ${B::+a}"},
		want: []string{"B=b", "A=a:-b a-b a+b "},
	},
	{
		name: "null splits", comment: "without an operator the name ends at the word null",
		vars: []string{"B=b", "Bnull=c", "A=$Bnull ${XnullY} ${XnullYnullZ} $nullable ${Xnull-y}"},
		want: []string{"B=b", "Bnull=c", "A=b Y YnullZ able y"},
	},
	{
		name: "pattern dollar", comment: "two dollar signs are one",
		vars: []string{"D=x$$y", "A=<${D}>", "B=${X:-a$$b}"},
		want: []string{"D=x$", "A=<x$>", "B=a"},
	},
	{
		name: "pattern others", comment: "are none",
		vars: []string{"D=$1 $0 $< $<n> $", "A=<${D}>"},
		want: []string{"D=$1 $0 $< $<n> $", "A=<$1 $0 $< $<n> $>"},
	},
	{
		name: "pattern in default", comment: "in a default as well",
		vars: []string{"A=x${B:-[$`|$'|$1]}y"},
		want: []string{"A=x[x|y|$1]y"},
	},
	{
		name: "pattern reference still", comment: "never ends, and does not grow",
		vars: []string{"M=$&", "N=x${M}"},
		err:  devvars.ErrExpandEndless,
	},
	{
		name: "cycle process", comment: "the process environment can refer to the key itself",
		process: []string{"A=$B", "B=x$A"},
		vars:    []string{"A=$B", "B=x$A"},
		want:    []string{"A=x", "B=x"},
	},
	{
		name: "cycle process self", comment: "a value equal to the whole text gives the default",
		process: []string{"A=${A:-d}", "B=${B:-d}$B"},
		vars:    []string{"A=${A:-d}", "B=${B:-d}$B"},
		want:    []string{"A=d", "B=d"},
	},
	{
		name: "cycle of two", comment: "never ends, and does not grow",
		vars: []string{`P=\$Q`, `Q=\$P`, "A=x$P"},
		err:  devvars.ErrExpandEndless,
	},
	{
		name: "cycle of two seen", comment: "the value was the whole text before",
		vars: []string{`P=\$Q`, `Q=\$P`, "A=$P"},
		want: []string{"P=$Q", "Q=$P", "A=$Q"},
	},
	{
		name: "stop", comment: "a text equal to the expanded value of the name is final",
		vars: []string{`B=\$C`, "C=c", "A=${B}", "D=x${B}"},
		want: []string{"B=$C", "C=c", "A=$C", "D=xc"},
	},
	{
		name: "stop empty", comment: "also an empty one",
		vars: []string{"B=", "A=${B}", "C=${B}$X"},
		want: []string{"B=", "A=", "C="},
	},
	{
		name: "process seen raw", comment: "a reference finds the value as the process environment has it",
		process: []string{`A=x\$y`},
		vars:    []string{"A=file", "B=$A|${A}"},
		want:    []string{"A=x$y", "B=x$y|x$y"},
	},
	{
		name: "process empty hides", comment: "an empty value hides the one of the files from references",
		process: []string{"A="},
		vars:    []string{"A=a", "B=<$A ${A:-d}>"},
		want:    []string{"A=a", "B=< d>"},
	},
	{
		name:    "process not expanded",
		comment: "only backslashes before dollar signs go, and only for keys of the files",
		process: []string{"P=p", `A=$P \$P`, `Q=$P \$P`},
		vars:    []string{"A=file"},
		want:    []string{"P=p", "A=$P $P", `Q=$P \$P`},
	},
	{
		name: "process order", comment: "comes first",
		process: []string{"P=", "Z=z"},
		vars:    []string{"A=1", "P=2", "C=3"},
		want:    []string{"P=2", "Z=z", "A=1", "C=3"},
	},
	{
		name: "process only", comment: "without files",
		process: []string{"A=$A", "2=x", "1=y"},
		want:    []string{"1=y", "2=x", "A=$A"},
	},
	{
		name: "integers first", comment: "are expanded first, and come first",
		process: []string{"3=p", "x=q"},
		vars:    []string{"B=b", "10=ten $B", "2=two ${10} $B", "01=x", "4294967294=y$B", "4294967295=z$B"},
		want:    []string{"2=two  ", "3=p", "10=ten ", "4294967294=y", "x=q", "B=b", "01=x", "4294967295=zb"},
	},
	{
		name: "builtin toString", comment: "what JavaScript objects inherit",
		vars: []string{"A=a${toString}b $toString ${toString:+x} ${toString-y}"},
		want: []string{"A=a[object Undefined]b [object Undefined] x [object Undefined]"},
	},
	{
		name: "builtin alternative", comment: "does not call them",
		vars: []string{"A=${valueOf+v} ${hasOwnProperty:+h}"},
		want: []string{"A=v h"},
	},
	{
		name: "builtin key in process", comment: "the process environment's own property",
		process: []string{"toString=own", "valueOf="},
		vars:    []string{"toString=x", "A=$toString ${valueOf}", "valueOf=$B"},
		want:    []string{"toString=own", "valueOf=", "A=own "},
	},
	{
		name: "builtin own empty", comment: "hides the inherited one",
		process: []string{"toString="},
		vars:    []string{"A=<${toString} ${toString-d}>"},
		want:    []string{"toString=", "A=< d>"},
	},
	{
		name: "builtin proto key", comment: "makes no property",
		process: []string{"__proto__=y", "B=b"},
		vars:    []string{"__proto__=x", "A=$B"},
		want:    []string{"B=b", "A=b"},
	},
	{
		name: "unicode", comment: "outside the basic plane",
		vars: []string{"K=é😀", "A=😀$K😀${K}", "B=${😀-x}$😀"},
		want: []string{"K=é😀", "A=😀é😀😀é😀", "B=x$😀"},
	},
	{
		name: "escape first occurrence after value", comment: "the value before it stays",
		vars: []string{"H=h", "B=b", `A=${H}\$B $B`},
		want: []string{"H=h", "B=b", `A=h\b b`},
	},
	{
		name: "pattern before after value", comment: "the value is part of the text before",
		vars: []string{"H=h", "O=$`-$'", "A=${H}x${O}y"},
		want: []string{"H=h", "O=$`-$'", "A=hxhx-yy"},
	},
	{
		name: "operator first", comment: "a colon belongs to the operator after it",
		process: []string{":=c", "=e"},
		vars:    []string{"A=${:-x} ${:+x} ${:} ${-x} ${::-x}"},
		want:    []string{":=c", "=e", "A=e x c e c"},
	},
}

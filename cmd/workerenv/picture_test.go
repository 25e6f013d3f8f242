package main

import (
	"fmt"
	"html"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// picture is the picture of a terminal in README.md.
const picture = "../../docs/explain.svg"

// TestPicture checks that the picture shows what the command prints. With -update it draws it anew.
func TestPicture(t *testing.T) {
	args := []string{"env", "--explain", "--var", "LOG_LEVEL:debug"}
	var screen strings.Builder
	screen.WriteString("$ workerenv " + strings.Join(args, " ") + "\n")
	c := command{dir: "../../examples/shop", stdout: output{&screen, true}, stderr: output{&screen, true}, git: gitStub}
	require.Zero(t, c.run(args))
	svg := drawTerminal(screen.String())
	if *update {
		require.NoError(t, os.WriteFile(picture, []byte(svg), 0o644))
	}
	drawn, err := os.ReadFile(picture)
	require.NoError(t, err)
	require.Equal(t, string(drawn), svg, "go test -run TestPicture -update draws it anew")
	require.Less(t, len(svg), 15_000)
}

// The terminal of a picture, in characters and pixels.
const (
	terminalWidth = 110 // a longer line goes on below, as in a terminal
	fontSize      = 14
	lineHeight    = 20
	margin        = 16
	width         = terminalWidth*fontSize*61/100 + 2*margin // the usual fonts are up to 0.602 as wide as high
)

// drawTerminal returns an SVG image of a terminal that shows text with the styles of output.paint.
func drawTerminal(text string) string {
	var rows strings.Builder
	y := margin
	for line := range strings.Lines(text) {
		for _, row := range layOut(strings.TrimSuffix(line, "\n")) {
			y += lineHeight
			fmt.Fprintf(&rows, "<text x=\"%d\" y=\"%d\">%s</text>\n", margin, y, row)
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d">
<title>The command workerenv in a terminal</title>
<style>
text { font: %[3]dpx ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d8dee9; white-space: pre }
.s%[4]s { font-weight: bold; fill: #ffffff }
.s%[5]s { fill: #8b96a8 }
.s%[6]s { fill: #f07178 }
.s%[7]s { fill: #ffcb6b }
</style>
<rect width="100%%" height="100%%" rx="8" fill="#1b1f27"/>
<g xml:space="preserve">
%[8]s</g>
</svg>
`, width, y+margin, fontSize, bold, dim, red, yellow, rows.String())
}

// layOut divides a line into rows of the terminal, in the markup of SVG.
func layOut(line string) []string {
	rows, free := []string{""}, terminalWidth
	for part := range strings.SplitSeq("0m"+line, "\x1b[") { // each part starts with the number of its style
		style, text, _ := strings.Cut(part, "m")
		for text != "" {
			if free == 0 {
				rows, free = append(rows, ""), terminalWidth
			}
			cell := prefix(text, free)
			text, free = text[len(cell):], free-utf8.RuneCountInString(cell)
			cell = html.EscapeString(cell)
			if style != "0" {
				cell = `<tspan class="s` + style + `">` + cell + `</tspan>`
			}
			rows[len(rows)-1] += cell
		}
	}
	return rows
}

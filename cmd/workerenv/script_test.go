package main

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite what the scripts of testdata expect; read the difference")

// section is a part of a txtar file: the text after a line "-- name --".
type section struct{ name, text string }

func scriptFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// readScript splits a txtar file. The text before the first section has the name "".
func readScript(t *testing.T, file string) []section {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	sections := []section{{}}
	for line := range strings.Lines(string(data)) {
		name, isMark := strings.CutPrefix(line, "-- ")
		name, closed := strings.CutSuffix(name, " --\n")
		if isMark && closed {
			sections = append(sections, section{name: name})
		} else {
			sections[len(sections)-1].text += line
		}
	}
	return sections
}

// call is a section "$ [NAME=value]... arguments" with what it prints on standard output, and the sections "stderr" and
// "status N" that may follow.
type call struct {
	line           string
	stdout, stderr string
	status         int
}

func (c call) sections() []section {
	list := []section{{"$ " + c.line, c.stdout}}
	if c.stderr != "" {
		list = append(list, section{"stderr", c.stderr})
	}
	if c.status != 0 {
		list = append(list, section{"status " + strconv.Itoa(c.status), ""})
	}
	return list
}

// script is a project, and calls of the command with what they print.
type script struct {
	about string
	files []section
	calls []call
}

func parseScript(t *testing.T, sections []section) script {
	t.Helper()
	s := script{about: sections[0].text}
	for _, part := range sections[1:] {
		line, isCall := strings.CutPrefix(part.name, "$ ")
		status, isStatus := strings.CutPrefix(part.name, "status ")
		switch {
		case isCall:
			s.calls = append(s.calls, call{line: line, stdout: part.text})
		case s.calls == nil:
			s.files = append(s.files, part)
		case part.name == "stderr":
			s.calls[len(s.calls)-1].stderr = part.text
		case isStatus:
			n, err := strconv.Atoi(status)
			require.NoError(t, err)
			s.calls[len(s.calls)-1].status = n
		default:
			t.Fatalf("a section %q after the first call", part.name)
		}
	}
	require.NotEmpty(t, s.calls)
	return s
}

func (s script) write(t *testing.T, file string) {
	t.Helper()
	b := bytes.NewBufferString(s.about)
	sections := s.files
	for _, c := range s.calls {
		sections = append(sections, c.sections()...)
	}
	for _, part := range sections {
		fmt.Fprintf(b, "-- %s --\n%s", part.name, part.text)
	}
	require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
}

// project writes the files of a script, or of a test, into a new directory. A name with a slash at the end is a
// directory.
func project(t *testing.T, files ...section) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.name))
		if strings.HasSuffix(f.name, "/") {
			require.NoError(t, os.MkdirAll(name, 0o700))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(f.text), 0o600))
	}
	return dir
}

// words splits a line at spaces, except in single quotes.
func words(line string) []string {
	var list []string
	inWord, quoted := false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted = !quoted
			if !inWord {
				list, inWord = append(list, ""), true
			}
		case r == ' ' && !quoted:
			inWord = false
		default:
			if !inWord {
				list, inWord = append(list, ""), true
			}
			list[len(list)-1] += string(r)
		}
	}
	return list
}

// gitStub answers as git does in a clone with a commit.
func gitStub(_ string, _ []string, args ...string) string {
	return map[string]string{
		"rev-parse --abbrev-ref HEAD": "main",
		"rev-parse HEAD":              "3f786850e387550fdab836ed7e6dc881de23001b",
		"rev-parse --short HEAD":      "3f78685",
	}[strings.Join(args, " ")]
}

// execute runs a line in dir, in this process.
func execute(dir, line string) call {
	args := words(line)
	var environ []string
	for len(args) > 0 && strings.Contains(args[0], "=") {
		environ, args = append(environ, args[0]), args[1:]
	}
	return executeArgs(dir, environ, args)
}

func executeArgs(dir string, environ, args []string) call {
	return executeInput(dir, environ, args, secretList)
}

// executeInput has a text on standard input, which is not a terminal.
func executeInput(dir string, environ, args []string, input string) call {
	var stdout, stderr bytes.Buffer
	c := command{dir: dir, environ: environ, stdin: strings.NewReader(input), ask: askNobody,
		stdout: output{Writer: &stdout}, stderr: output{Writer: &stderr}, become: printProcess, git: gitStub,
		listen: net.Listen, resolveAddr: net.ResolveTCPAddr, signals: interrupt}
	status := c.run(args)
	return call{stdout: stdout.String(), stderr: stderr.String(), status: status}
}

func askNobody(string) (string, bool, error) { return "", false, nil }

// secretList is what wrangler secret list --format json prints, on the standard input of scripts.
const secretList = `[
  {"name": "OLD", "type": "secret_text"},
  {"name": "TOKEN", "type": "secret_text"}
]
`

// interrupt stops serve as soon as it has started.
func interrupt(into chan<- os.Signal) (stop func()) {
	into <- os.Interrupt
	return func() {}
}

// printProcess prints the sorted environment and the arguments of the program that run would start.
func printProcess(args, environ []string, stdout, _ output) (int, error) {
	for _, entry := range environ {
		fmt.Fprintln(stdout, entry)
	}
	fmt.Fprintf(stdout, "%q\n", args)
	return 0, nil
}

// TestScripts runs the projects of testdata. Their names, kinds and values were compared with wrangler 4.164.0, see
// testdata/README.md; the rest is the format of this command.
func TestScripts(t *testing.T) {
	for _, file := range scriptFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s := parseScript(t, readScript(t, file))
			dir := project(t, s.files...)
			for i, want := range s.calls {
				got := execute(dir, want.line)
				got.line = want.line
				got.stdout = strings.ReplaceAll(got.stdout, dir, "$DIR")
				got.stderr = strings.ReplaceAll(got.stderr, dir, "$DIR")
				if *update {
					s.calls[i] = got
					continue
				}
				require.Equal(t, want, got)
			}
			if *update {
				s.write(t, file)
			}
		})
	}
}

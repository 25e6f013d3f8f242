package main

// change is what changed between two wranglers.
type change struct {
	what     string
	projects string // patterns of the projects that show it
}

var changes = []change{}

const intro = `%s %d`
const changesIntro = ``

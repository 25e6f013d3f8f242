package devvars_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/workerenv/workerenv/devvars"
)

func ExampleParse() {
	f := devvars.Parse([]byte(`# The secrets of a Worker
SECRET_KEY="value"
export HOST = localhost:8788 # while developing
PEM='-----BEGIN-----
x'
`))
	for key, value := range f.All() {
		fmt.Printf("%s = %q\n", key, value)
	}
	// Output:
	// SECRET_KEY = "value"
	// HOST = "localhost:8788"
	// PEM = "-----BEGIN-----\nx"
}

func ExampleFile_Set() {
	f := devvars.Parse([]byte("# keep me\nTOKEN=old # and me\n"))
	if err := f.Set("TOKEN", "new # one"); err != nil {
		fmt.Println(err)
	}
	if err := f.Set("PORT", "8787"); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%s", f.Bytes())
	// Output:
	// # keep me
	// TOKEN='new # one' # and me
	// PORT=8787
}

func ExampleFile_Delete() {
	f := devvars.Parse([]byte("A=1\nPEM='x\ny' # old\nB=2\n"))
	fmt.Println(f.Delete("PEM"))
	fmt.Printf("%s", f.Bytes())
	// Output:
	// true
	// A=1
	// B=2
}

func ExampleFile_Findings() {
	f := devvars.Parse([]byte("PASSWORD=abc#def\nOPEN=\"never closed\nHASH=a#b\nPASSWORD=xyz\n"))
	for finding := range f.Findings() {
		fmt.Println(finding.Place(), finding.Rule, finding.Key)
	}
	// Output:
	// 1:1 duplicate-key PASSWORD
	// 2:6 open-quote OPEN
	// 3:7 cut-by-hash HASH
}

func ExampleFile_Assignments() {
	f := devvars.Parse([]byte("A=1\nB=2\nA=3\n"))
	for a := range f.Assignments() {
		fmt.Println(a.Pos(), a.Key(), a.Value())
	}
	// Output:
	// 1:1 A 1
	// 2:1 B 2
	// 3:1 A 3
}

func ExampleQuote() {
	for _, value := range []string{"plain", "it's", "a # b", "it's # b", "two\nlines"} {
		form, err := devvars.Quote(value)
		fmt.Println(form, err)
	}
	// Output:
	// plain <nil>
	// it's <nil>
	// 'a # b' <nil>
	// "it's # b" <nil>
	// 'two
	// lines' <nil>
}

func ExampleUpdate() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, ".dev.vars")
	err = devvars.Update(name, func(f *devvars.File) error {
		return f.Set("API_KEY", "k3y #1")
	})
	if err != nil {
		log.Fatal(err)
	}
	text, _ := os.ReadFile(name)
	fmt.Print(string(text))
	// Output: API_KEY='k3y #1'
}

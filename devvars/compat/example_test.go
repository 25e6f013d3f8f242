package compat_test

import (
	"fmt"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/devvars/compat"
)

func ExampleFindings() {
	f := devvars.Parse([]byte("HOST=localhost\nHASH=$2b$10$abc\nLABEL=`it's \"new\"`\n"))
	for finding := range compat.Findings(f) {
		fmt.Println(finding.Place(), finding.Key)
	}
	// Output:
	// 2:1 HASH
	// 3:1 LABEL
}

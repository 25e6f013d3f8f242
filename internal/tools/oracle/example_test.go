package oracle_test

import (
	"fmt"
	"os"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// Ask npm's dotenv about a document. Without the packages there is nobody to ask.
func ExampleOpen() {
	tools, err := oracle.Open(os.DevNull)
	if err != nil {
		fmt.Println("install the packages first, see docs/recording.md")
		return
	}
	defer tools.Close()
	// Output:
	// install the packages first, see docs/recording.md
}

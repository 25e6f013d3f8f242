package versiontest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// A store whose answers to appends get lost, all of them: History finds out by reading that they were done.
func ExampleFaulty() {
	ctx := context.Background()
	store := &versiontest.Faulty{Store: new(version.MemStore), Fault: func(c versiontest.Call) versiontest.Fault {
		if c.Append {
			return versiontest.After
		}
		return versiontest.None
	}}
	err := store.Append(ctx, "log", 0, version.NewRecord("data"))
	fmt.Println(errors.Is(err, versiontest.ErrFault))

	s, err := version.NewHistory(store, "api", version.Options{}).Update(ctx, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	})
	fmt.Println(s.VersionCount(), err)
	// Output:
	// true
	// 1 <nil>
}

// Check a Store without package testing.
func ExampleRules() {
	for _, rule := range versiontest.Rules() {
		if err := rule.Check(context.Background(), new(version.MemStore)); err != nil {
			fmt.Println(rule.Name, err)
		}
	}
	fmt.Println(len(versiontest.Rules()), "rules")
	// Output: 12 rules
}

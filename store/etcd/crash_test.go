package etcd_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"github.com/workerenv/workerenv/store/etcd"
	"github.com/workerenv/workerenv/version"
)

// writerVariable makes the test binary upload versions to the server at that endpoint, and print the
// message of each one that was made.
const writerVariable = "WORKERENV_ETCD_WRITER"

func runWriter(endpoint string) error {
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, Logger: zap.NewNop()})
	if err != nil {
		return err
	}
	h := version.NewHistory(etcd.New(client, etcd.Options{Prefix: "crashes/"}), "worker", version.Options{})
	for i := 0; ; i++ {
		message := fmt.Sprintf("%d of process %d", i, os.Getpid())
		if upload(context.Background(), h, message) == nil {
			fmt.Println(message)
		}
	}
}

// TestWriterKilled kills 100 processes at random moments, 1,000 if WORKERENV_ETCD_FAULTS is set. 4 of
// them at a time write to the same history.
func TestWriterKilled(t *testing.T) {
	lines, kills := 4, 25
	if os.Getenv(faultsVariable) != "" {
		kills = 250
	}
	made := make([][]string, lines)
	var wg sync.WaitGroup
	for line := range lines {
		wg.Go(func() {
			for range kills {
				messages, err := killWriter()
				if err != nil {
					t.Error(err)
					return
				}
				made[line] = append(made[line], messages...)
			}
		})
	}
	wg.Wait()

	s := etcd.New(connect(t, endpoints...), etcd.Options{Prefix: "crashes/"})
	found := messages(t, version.NewHistory(s, "worker", version.Options{})) // fails if a record is torn
	acknowledged := 0
	for _, messages := range made {
		acknowledged += len(messages)
		for _, message := range messages {
			require.True(t, found[message], "%s was made and is lost", message)
		}
	}
	t.Logf("%d versions acknowledged, %d made", acknowledged, len(found))
}

// killWriter returns what a process has printed that is killed within 20 ms after its first line.
func killWriter() (messages []string, err error) {
	process, stdout, err := startProcess(writerVariable, endpoints[0])
	if err != nil {
		return nil, err
	}
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		if messages = append(messages, scanner.Text()); len(messages) == 1 {
			time.AfterFunc(time.Duration(rand.IntN(20_000))*time.Microsecond, func() { process.Process.Kill() })
		}
	}
	if err := process.Wait(); process.ProcessState.Exited() {
		return nil, fmt.Errorf("the writer was not killed: %w", err)
	}
	return messages, nil
}

package etcd_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"
)

// memberVariable makes the test binary run a member of a cluster, with the memberConfig that it holds.
const memberVariable = "WORKERENV_ETCD_MEMBER"

// endpoints is the address of the single server that most tests use.
var endpoints []string

func TestMain(m *testing.M) {
	config, endpoint := os.Getenv(memberVariable), os.Getenv(writerVariable)
	if config == "" && endpoint == "" {
		os.Exit(runTests(m))
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(1) // the parent process has ended
	}()
	if config != "" {
		panic(runMember(config))
	}
	panic(runWriter(endpoint))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	c, err := startCluster(dir, 1, 0)
	if err != nil {
		panic(err)
	}
	defer c.close()
	endpoints = c.endpoints()
	return m.Run()
}

// memberConfig describes a member. Other members and clients use the advertised addresses.
type memberConfig struct {
	Name, Dir                        string
	Client, Peer                     string // Unix sockets where it listens
	AdvertisedClient, AdvertisedPeer string
	Cluster                          string // names and advertised peer addresses of all members
	Quota                            int64  // bytes of the database, 0 for the default
}

// runMember runs a member, and prints a line when it is ready.
func runMember(config string) error {
	var c memberConfig
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	e := embed.NewConfig()
	e.Name, e.Dir, e.InitialCluster, e.QuotaBackendBytes = c.Name, c.Dir, c.Cluster, c.Quota
	e.ListenClientUrls, e.ListenPeerUrls = []url.URL{socket(c.Client)}, []url.URL{socket(c.Peer)}
	e.AdvertiseClientUrls, e.AdvertisePeerUrls = urls(c.AdvertisedClient), urls(c.AdvertisedPeer)
	e.LogOutputs, e.LogLevel = []string{c.Dir + ".log"}, "warn"
	server, err := embed.StartEtcd(e)
	if err != nil {
		return err
	}
	<-server.Server.ReadyNotify()
	fmt.Println("ready")
	return <-server.Err()
}

// socket returns path in the form of etcd, which reads only the host of a peer's URL.
func socket(path string) url.URL { return url.URL{Scheme: "unix", Host: path} }

func urls(address string) []url.URL { return []url.URL{{Scheme: "http", Host: address}} }

// cluster is a number of members, each in its own process and behind a network that can fail.
type cluster struct {
	network *network
	members []*member
	admin   *clientv3.Client
	ids     map[uint64]int // of members
}

type member struct {
	config  memberConfig
	process *exec.Cmd
}

// startCluster starts a cluster with its data in dir.
func startCluster(dir string, size int, quota int64) (*cluster, error) {
	c := &cluster{network: newNetwork(), ids: make(map[uint64]int)}
	var all []string
	for i := range size {
		name := fmt.Sprint("m", i)
		data := filepath.Join(dir, name)
		m := &member{config: memberConfig{Name: name, Dir: data, Client: data + ".c", Peer: data + ".p", Quota: quota}}
		c.members = append(c.members, m)
		var err error
		if m.config.AdvertisedClient, err = c.network.listen(i, false, m.config.Client); err != nil {
			return nil, err
		}
		if m.config.AdvertisedPeer, err = c.network.listen(i, true, m.config.Peer); err != nil {
			return nil, err
		}
		all = append(all, m.config.Name+"=http://"+m.config.AdvertisedPeer)
	}
	for _, m := range c.members {
		m.config.Cluster = strings.Join(all, ",")
	}
	if err := c.start(); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// start starts all members.
func (c *cluster) start() error {
	errs := make([]error, len(c.members))
	var wg sync.WaitGroup
	for i, m := range c.members {
		wg.Go(func() { errs[i] = m.start() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// newCluster starts a cluster for one test.
func newCluster(t testing.TB, size int) *cluster {
	c, err := startCluster(t.TempDir(), size, 0)
	require.NoError(t, err)
	t.Cleanup(c.close)
	c.admin = connect(t, c.endpoints()...)
	return c
}

func (c *cluster) close() {
	for _, m := range c.members {
		m.kill()
	}
	c.network.close()
}

func (c *cluster) endpoints() (all []string) {
	for _, m := range c.members {
		all = append(all, m.config.AdvertisedClient)
	}
	return all
}

// connect returns a client that is closed when the test ends.
func connect(t testing.TB, endpoints ...string) *clientv3.Client {
	client, err := clientv3.New(clientv3.Config{Endpoints: endpoints, Logger: zap.NewNop()})
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	return client
}

// leader returns the member that others than without name as leader, once they do.
func (c *cluster) leader(t testing.TB, without int) int {
	for start := time.Now(); time.Since(start) < 30*time.Second; time.Sleep(10 * time.Millisecond) {
		var id uint64
		for i, m := range c.members {
			if i == without {
				continue
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			s, err := c.admin.Status(ctx, m.config.AdvertisedClient)
			cancel()
			if err == nil {
				c.ids[s.Header.MemberId], id = i, s.Leader
			}
		}
		if leader, ok := c.ids[id]; ok && leader != without {
			return leader
		}
	}
	t.Fatal("the members have no leader")
	return 0
}

// start starts the process of a member, and waits until it is ready to serve.
func (m *member) start() error {
	config, err := json.Marshal(m.config)
	if err != nil {
		return err
	}
	process, stdout, err := startProcess(memberVariable, string(config))
	if err != nil {
		return err
	}
	m.process = process
	timer := time.AfterFunc(time.Minute, m.kill)
	defer timer.Stop()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		return fmt.Errorf("member %s did not become ready: %q, %w", m.config.Name, line, err)
	}
	return nil
}

// startProcess starts the test binary with an environment variable. The process ends with this one.
func startProcess(variable, value string) (*exec.Cmd, io.Reader, error) {
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), variable+"="+value)
	process.Stderr = os.Stderr
	stdout, err := process.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if _, err := process.StdinPipe(); err != nil {
		return nil, nil, err
	}
	return process, stdout, process.Start()
}

// kill ends the process without warning.
func (m *member) kill() {
	if m.process != nil {
		m.process.Process.Kill()
		m.process.Wait()
	}
}

// signal sends SIGSTOP or SIGCONT.
func (m *member) signal(s syscall.Signal) error { return m.process.Process.Signal(s) }

// freeAddress returns an address that nothing listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

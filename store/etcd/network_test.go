package etcd_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// network is TCP proxies in front of the client and peer ports of all members. It can cut members
// off: what is sent then arrives when the network is healed, as with a network that loses packets
// for a while.
type network struct {
	mu        sync.Mutex
	changed   *sync.Cond
	listeners []net.Listener
	peers     map[string]place // by the URLs that members advertise to each other
	cut       map[place]bool
}

// place is a port of a member.
type place struct {
	member int
	peer   bool // for other members, else for clients
}

func newNetwork() *network {
	n := &network{peers: make(map[string]place), cut: make(map[place]bool)}
	n.changed = sync.NewCond(&n.mu)
	return n
}

// listen starts the proxy for a port of a member, which listens on the Unix socket target: while it is
// down, no other program can take its place. It returns the address that the member must advertise.
func (n *network) listen(member int, peer bool, target string) (advertised string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	advertised = l.Addr().String()
	p := place{member, peer}
	n.mu.Lock()
	n.listeners = append(n.listeners, l)
	if peer {
		n.peers["http://"+advertised] = p
	}
	n.mu.Unlock()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go n.connect(conn, target, p)
		}
	}()
	return advertised, nil
}

func (n *network) close() {
	n.heal()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, l := range n.listeners {
		l.Close()
	}
}

// isolate cuts off the ports of a member: for the other members, in both directions, or for clients.
func (n *network) isolate(p place) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[p] = true
}

// heal ends all cuts.
func (n *network) heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.cut)
	n.changed.Broadcast()
}

// wait waits until neither place is cut off.
func (n *network) wait(from, to place) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for n.cut[from] || n.cut[to] {
		n.changed.Wait()
	}
}

// connect forwards a connection to a port of a member, which listens at target. A connection to a peer
// port is one of another member, which the first HTTP request names.
func (n *network) connect(conn net.Conn, target string, to place) {
	defer conn.Close()
	from := to
	var head bytes.Buffer
	if to.peer {
		request, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &head)))
		if err != nil {
			return
		}
		url, _, _ := strings.Cut(request.Header.Get("X-PeerURLs"), ",")
		n.mu.Lock()
		if peer, ok := n.peers[url]; ok { // not for probes of the connection
			from = peer
		}
		n.mu.Unlock()
	}
	n.wait(from, to)
	server, err := net.Dial("unix", target)
	if err != nil {
		return
	}
	defer server.Close()
	if _, err := server.Write(head.Bytes()); err != nil {
		return
	}
	var wg sync.WaitGroup
	forward := func(out, in net.Conn) {
		defer out.Close()
		defer in.Close()
		buffer := make([]byte, 32<<10)
		for {
			k, err := in.Read(buffer)
			n.wait(from, to)
			if _, failed := out.Write(buffer[:k]); err != nil || failed != nil {
				return
			}
		}
	}
	wg.Go(func() { forward(server, conn) })
	wg.Go(func() { forward(conn, server) })
	wg.Wait()
}

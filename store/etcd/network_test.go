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
	listeners []net.Listener
	names     map[string]int // advertised peer addresses to members

	mu      sync.Mutex
	changed *sync.Cond
	cut     map[place]bool
}

// place is a port of a member.
type place struct {
	member int
	peer   bool // for other members, else for clients
}

func newNetwork() *network {
	n := &network{names: make(map[string]int), cut: make(map[place]bool)}
	n.changed = sync.NewCond(&n.mu)
	return n
}

// listen starts the proxy for a port of a member. It returns the address where the member must listen,
// and the one that it must advertise.
func (n *network) listen(member int, peer bool) (target, advertised string, err error) {
	if target, err = freeAddress(); err != nil {
		return "", "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	n.listeners = append(n.listeners, l)
	advertised = l.Addr().String()
	if peer {
		n.names["http://"+advertised] = member
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go n.connect(conn, target, place{member, peer})
		}
	}()
	return target, advertised, nil
}

func (n *network) close() {
	for _, l := range n.listeners {
		l.Close()
	}
	n.heal()
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

// wait waits until no place is cut off.
func (n *network) wait(places []place) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for n.cut[places[0]] || n.cut[places[len(places)-1]] {
		n.changed.Wait()
	}
}

// connect forwards a connection to target. A connection to a peer port is one of another member, which
// the first HTTP request names.
func (n *network) connect(conn net.Conn, target string, to place) {
	defer conn.Close()
	ends := []place{to}
	var head bytes.Buffer
	if to.peer {
		request, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &head)))
		if err != nil {
			return
		}
		from, _, _ := strings.Cut(request.Header.Get("X-PeerURLs"), ",")
		if member, ok := n.names[from]; ok {
			ends = append(ends, place{member, true})
		}
	}
	n.wait(ends)
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	if _, err := server.Write(head.Bytes()); err != nil {
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { n.forward(server, conn, ends) })
	wg.Go(func() { n.forward(conn, server, ends) })
	wg.Wait()
}

// forward copies until either connection ends, and closes both.
func (n *network) forward(to, from net.Conn, ends []place) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		k, err := from.Read(buffer)
		n.wait(ends)
		if _, werr := to.Write(buffer[:k]); err != nil || werr != nil {
			return
		}
	}
}

package controlplanetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

const putRoute = "PUT /accounts/{account}/workers/scripts/shop/secrets"

// shop starts a Server that has a Worker with the secret API_KEY, and returns a client.
func shop(t *testing.T) (*controlplanetest.Server, client) {
	s := controlplanetest.NewServer(t, controlplane.Options{})
	_, err := s.Deploy("shop", binding.Secret("API_KEY", "old"))
	require.NoError(t, err)
	return s, client{t, s, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

// client makes requests, each on a connection of its own so that none is repeated by itself.
type client struct {
	t *testing.T
	s *controlplanetest.Server
	*http.Client
}

func (c client) do(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.s.URL+"/accounts/"+controlplanetest.AccountID+path, body)
	require.NoError(c.t, err)
	r.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	return c.Do(r)
}

// put puts the secret API_KEY and returns the answer, less its body.
func (c client) put(value string) (*http.Response, errorAnswer, error) {
	response, err := c.do(c.t.Context(), "PUT", "/workers/scripts/shop/secrets",
		strings.NewReader(`{"name":"API_KEY","text":"`+value+`"}`))
	var answer errorAnswer
	if err == nil {
		defer response.Body.Close()
		err = json.NewDecoder(response.Body).Decode(&answer)
	}
	return response, answer, err
}

// errorAnswer is the part of an answer that clients read.
type errorAnswer struct {
	Success bool
	Errors  []struct {
		Code    int
		Message string
	}
}

// live returns the value of API_KEY that a request to the Worker sees.
func (c client) live() string {
	env, err := c.s.Env("shop", "")
	require.NoError(c.t, err)
	return env.Get("API_KEY")
}

func TestFaults(t *testing.T) {
	const unknown = "An unknown error has occurred. If this error persists, please report it."
	const tooMany = "Please wait and consider throttling your request speed"
	const soon = 50 * time.Millisecond
	type fault = controlplanetest.Fault
	for _, test := range []struct {
		name    string
		fault   fault
		status  int // 0 is a connection that is closed
		code    int // 0 is success, -1 is no body
		message string
		after   string // the header Retry-After
		live    string
	}{
		{"zero", fault{}, 200, 0, "", "", "new"},
		{"status", fault{Status: 503}, 503, 10013, unknown, "", "old"},
		{"code", fault{Code: 10215}, 500, 10215, unknown, "", "old"},
		{"message", fault{Status: 403, Code: 10000, Message: "no"}, 403, 10000, "no", "", "old"},
		{"only message", fault{Message: "no"}, 500, 10013, "no", "", "old"},
		{"error with status 200", fault{Status: 200, Code: 10000, Message: "no"}, 200, 10000, "no", "", "old"},
		{"impossible status", fault{Status: 99}, 500, 10013, unknown, "", "old"},
		{"status without a body", fault{Status: 204}, 204, -1, "", "", "old"},
		{"too many requests", fault{Status: 429}, 429, 971, tooMany, "", "old"},
		{"retry after", fault{RetryAfter: 1500 * time.Millisecond}, 429, 971, tooMany, "2", "old"},
		{"unavailable, retry after", fault{Status: 503, RetryAfter: time.Minute}, 503, 10013, unknown, "60", "old"},
		{"status after effect", fault{Status: 502, AfterEffect: true}, 502, 10013, unknown, "", "new"},
		{"drop", fault{Drop: true}, 0, 0, "", "", "old"},
		{"drop after effect", fault{Drop: true, AfterEffect: true}, 0, 0, "", "", "new"},
		{"drop, not status", fault{Drop: true, Status: 500}, 0, 0, "", "", "old"},
		{"delay", fault{Delay: soon}, 200, 0, "", "", "new"},
		{"delay after effect", fault{Delay: soon, AfterEffect: true}, 200, 0, "", "", "new"},
		{"delay and status", fault{Delay: soon, Status: 500}, 500, 10013, unknown, "", "old"},
		{"delay and drop", fault{Delay: soon, Drop: true}, 0, 0, "", "", "old"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, c := shop(t)
			i := s.Inject(test.fault)
			start := time.Now()
			response, answer, err := c.put("new")
			require.GreaterOrEqual(t, time.Since(start), test.fault.Delay)
			require.Equal(t, test.live, c.live())
			require.Equal(t, 1, i.Count())
			if test.status == 0 {
				require.ErrorIs(t, err, io.EOF)
				require.Nil(t, response)
				return
			}
			require.Equal(t, test.status, response.StatusCode)
			require.Equal(t, test.after, response.Header.Get("Retry-After"))
			if test.code < 0 {
				require.ErrorIs(t, err, io.EOF)
				return
			}
			require.NoError(t, err)
			require.Equal(t, "application/json", response.Header.Get("Content-Type"))
			require.Equal(t, test.code == 0, answer.Success)
			if test.code != 0 {
				require.Len(t, answer.Errors, 1)
				require.Equal(t, test.code, answer.Errors[0].Code)
				require.Equal(t, test.message, answer.Errors[0].Message)
			}
		})
	}
}

func TestFaultRoutes(t *testing.T) {
	const secrets = "/accounts/{account}/workers/scripts/shop/secrets"
	for _, test := range []struct {
		route, method, path string
		met                 bool
	}{
		{"", "GET", "/nonsense", true},
		{"PUT", "PUT", "/workers/scripts/shop", true},
		{"PUT", "GET", "/workers/scripts/shop", false},
		{secrets, "GET", "/workers/scripts/shop/secrets", true},
		{secrets, "PUT", "/workers/scripts/shop/secrets?x=1", true},
		{secrets, "PUT", "/workers/scripts/shop", false},
		{secrets, "PUT", "/workers/scripts/shop/secrets/A", false},
		{"PUT " + secrets, "PUT", "/workers/scripts/shop/secrets", true},
		{"PUT " + secrets, "GET", "/workers/scripts/shop/secrets", false},
		{"GET /accounts/{a}/workers/scripts/{s}/secrets", "GET", "/workers/scripts/other/secrets", true},
		{"GET /accounts/" + controlplanetest.AccountID + "/workers/subdomain", "GET", "/workers/subdomain", true},
		{"GET /accounts/other/workers/subdomain", "GET", "/workers/subdomain", false},
		{"DELETE " + secrets + "/a%2fb%20c", "DELETE", "/workers/scripts/shop/secrets/a%2Fb%20c", true},
		{"DELETE " + secrets + "/a/b c", "DELETE", "/workers/scripts/shop/secrets/a%2Fb%20c", false},
		{"DELETE " + secrets + "/100%", "DELETE", "/workers/scripts/shop/secrets/100%25", true},
		{"GET accounts", "GET", "/workers/subdomain", false},
		{"GET /", "GET", "/workers/subdomain", false},
		{"get " + secrets, "GET", "/workers/scripts/shop/secrets", false},
	} {
		s, c := shop(t)
		i := s.Inject(controlplanetest.Fault{Route: test.route, Status: 418})
		response, err := c.do(t.Context(), test.method, test.path, nil)
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, test.met, response.StatusCode == 418, test)
		require.Equal(t, test.met, i.Count() == 1, test)
		i.Remove()
	}
}

// statuses puts a secret n times and returns the statuses of the answers.
func (c client) statuses(n int) (list []int) {
	for range n {
		response, _, err := c.put("new")
		require.NoError(c.t, err)
		list = append(list, response.StatusCode)
	}
	return list
}

func TestFaultTimes(t *testing.T) {
	for _, test := range []struct {
		skip, times int
		want        []int
	}{
		{0, 0, []int{500, 500, 500, 500}},
		{0, 2, []int{500, 500, 200, 200}},
		{1, 2, []int{200, 500, 500, 200}},
		{3, 0, []int{200, 200, 200, 500}},
		{-1, -1, []int{500, 500, 500, 500}},
	} {
		s, c := shop(t)
		s.Inject(controlplanetest.Fault{Route: putRoute, Status: 500, Skip: test.skip, Times: test.times})
		require.Equal(t, test.want, c.statuses(4))
	}
}

// TestFaultsInOrder tests that the first matching Fault counts, and the next one after it is used
// up or removed.
func TestFaultsInOrder(t *testing.T) {
	s, c := shop(t)
	s.Inject(controlplanetest.Fault{Route: putRoute, Status: 501, Times: 1})
	removed := s.Inject(controlplanetest.Fault{Status: 502})
	s.Inject(controlplanetest.Fault{Route: "PUT", Status: 503, Times: 1})
	require.Equal(t, []int{501, 502, 502}, c.statuses(3))
	removed.Remove()
	removed.Remove()
	require.Equal(t, []int{503, 200}, c.statuses(2))
	require.Equal(t, 2, removed.Count())
}

// TestFaultsAtOnce counts the Faults that affect many clients at once.
func TestFaultsAtOnce(t *testing.T) {
	s, c := shop(t)
	i := s.Inject(controlplanetest.Fault{Route: putRoute, Drop: true, Skip: 5, Times: 20})
	spare := s.Inject(controlplanetest.Fault{})
	var group sync.WaitGroup
	var mu sync.Mutex
	failed := 0
	for n := range 50 {
		group.Go(func() {
			_, _, err := c.put(fmt.Sprint(n))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
			}
		})
	}
	group.Wait()
	require.Equal(t, 20, failed)
	require.Equal(t, 20, i.Count())
	require.Equal(t, 30, spare.Count())
	snapshot, err := s.Snapshot("shop")
	require.NoError(t, err)
	latest, _ := snapshot.Latest()
	require.Equal(t, 1+30, latest.Number())
}

// TestDelayedClientGoes has a client that does not wait. Its change is made only with AfterEffect.
func TestDelayedClientGoes(t *testing.T) {
	for _, test := range []struct {
		after bool
		want  string
	}{{false, "old"}, {true, "new"}} {
		s, c := shop(t)
		s.Inject(controlplanetest.Fault{Route: putRoute, Delay: time.Hour, AfterEffect: test.after})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := c.do(ctx, "PUT", "/workers/scripts/shop/secrets", strings.NewReader(`{"name":"API_KEY","text":"new"}`))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		s.Close() // waits for the request
		require.Equal(t, test.want, c.live())
	}
}

// say sends a text to the Server, and nothing more, and returns all that it answers.
func (c client) say(text string) string {
	address, _, _ := strings.Cut(strings.TrimPrefix(c.s.URL, "http://"), "/")
	conn, err := net.Dial("tcp", address)
	require.NoError(c.t, err)
	defer conn.Close()
	require.NoError(c.t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(conn, text)
	require.NoError(c.t, err)
	require.NoError(c.t, conn.(*net.TCPConn).CloseWrite())
	answer, err := io.ReadAll(conn)
	require.NoError(c.t, err)
	return string(answer)
}

// TestFaultsAndHalfRequests tests that the Delay ends with the client, and that a body that is cut
// off stays so.
func TestFaultsAndHalfRequests(t *testing.T) {
	s, c := shop(t)
	const head = "PUT /client/v4/accounts/" + controlplanetest.AccountID +
		"/workers/scripts/shop/secrets HTTP/1.1\r\nHost: a\r\n" +
		"Authorization: Bearer " + controlplanetest.Token + "\r\nConnection: close\r\n"
	const whole = `{"name":"API_KEY","text":"new"}`
	s.Inject(controlplanetest.Fault{Delay: time.Hour, Times: 1})
	require.Empty(t, c.say(head+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(whole))+whole))
	s.Inject(controlplanetest.Fault{Times: 2})
	for _, broken := range []string{"Content-Length: 1000\r\n\r\n" + whole,
		"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"nam\r\nx\r\n"} {
		got := c.say(head + broken)
		require.True(t, strings.HasPrefix(got, "HTTP/1.1 4"), got) // 400, or 499 if it looks as if the client has gone
		require.Contains(t, got, `"success":false`)
	}
	require.Equal(t, "old", c.live())
}

// TestCloseEndsDelays closes a Server while a client waits.
func TestCloseEndsDelays(t *testing.T) {
	s, c := shop(t)
	i := s.Inject(controlplanetest.Fault{Delay: time.Hour})
	failed := make(chan error, 1)
	go func() {
		_, _, err := c.put("new")
		failed <- err
	}()
	require.Eventually(t, func() bool { return i.Count() == 1 }, 10*time.Second, time.Millisecond)
	s.Close()
	s.Close()
	require.Error(t, <-failed)
	require.Equal(t, "old", c.live())
}

// TestFaultBeforeLargeBody answers and drops requests whose bodies have not been read, and delays
// one that is refused for its size, as without the delay.
func TestFaultBeforeLargeBody(t *testing.T) {
	s, c := shop(t)
	large := bytes.Repeat([]byte("x"), 5<<20)
	s.Inject(controlplanetest.Fault{Times: 1, Status: 503})
	s.Inject(controlplanetest.Fault{Times: 1, Drop: true})
	s.Inject(controlplanetest.Fault{Times: 1, Delay: time.Millisecond})
	for _, want := range []int{503, 0, 413, 413} {
		response, err := c.do(t.Context(), "PUT", "/workers/scripts/shop/secrets", bytes.NewReader(large))
		if want == 0 {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, want, response.StatusCode)
	}
}

// failingTest is a testing.TB that keeps its errors and its cleanup functions.
type failingTest struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (t *failingTest) Helper()          {}
func (t *failingTest) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }
func (t *failingTest) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

func TestUnusedFault(t *testing.T) {
	var test failingTest
	s := controlplanetest.NewServer(&test, controlplane.Options{})
	_, _, line, _ := runtime.Caller(0)
	s.Inject(controlplanetest.Fault{Route: "PUT /nowhere"})
	s.Inject(controlplanetest.Fault{Skip: 1})
	s.Inject(controlplanetest.Fault{Route: "DELETE"}).Remove()
	met := s.Inject(controlplanetest.Fault{Route: "GET"})
	response, err := http.Get(s.URL)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, 1, met.Count())
	for _, f := range test.cleanups {
		f()
	}
	require.Equal(t, []string{
		fmt.Sprintf(`fault_test.go:%d: the fault for "PUT /nowhere" was never used`, line+1),
		fmt.Sprintf(`fault_test.go:%d: the fault for "" was never used`, line+2),
	}, test.errors)
}

package house

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"sync"
	"time"
)

// patience is for a server that hangs; one that is slow is not wrong.
const patience = 5 * time.Minute

// Launch starts the server, with some more settings, and does not wait for it.
func (h *House) Launch(settings ...string) error {
	cmd, err := h.Command(settings, "serve")
	if err != nil {
		return err
	}
	log, err := os.OpenFile(h.logFile(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	said := new(speech)
	cmd.Stdout, cmd.Stderr = said, log
	exited, err := Begin(cmd)
	if err != nil {
		return err
	}
	h.cmd, h.exited, h.said = cmd, exited, said
	return nil
}

// Start starts the server, with some more settings, waits until it answers, and looks inside.
func (h *House) Start(settings ...string) error {
	if err := h.Launch(settings...); err != nil {
		return err
	}
	for end := time.Now().Add(patience); !h.Ready(); {
		if time.Now().After(end) {
			return errNotReady
		}
		select {
		case <-h.exited:
			return fmt.Errorf("the program did not start: %v", h.cmd.ProcessState)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return h.Open()
}

// Ready reports whether the server says that it is.
func (h *House) Ready() bool {
	client, scheme := &http.Client{Timeout: 10 * time.Second}, "http"
	if h.config.Roots != nil {
		scheme = "https"
		client.Transport = &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: h.config.Roots, ServerName: "localhost", MinVersion: tls.VersionTLS13},
		}
	}
	answer, err := client.Get(scheme + "://" + h.Address + "/readyz")
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// Begin starts a program that dies with this process, so that a test run that is aborted leaves nothing behind. exited is closed when it has ended.
func Begin(cmd *exec.Cmd) (exited chan struct{}, err error) {
	cmd.SysProcAttr = withUs()
	started, exited := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the child dies with this thread, so it lives as long as the child
		defer runtime.UnlockOSThread()
		defer close(exited)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	return exited, <-started
}

// greeted finds the one-time links in what the first start prints.
var greeted = regexp.MustCompile(`(?m)^ +(\w+) +\S+\n +(http\S+/enrol#\S+)$`)

// Links are the one-time links that the last start has printed, by role: a first start prints them.
func (h *House) Links() map[string]string {
	links := map[string]string{}
	for _, found := range greeted.FindAllStringSubmatch(h.said.String(), -1) {
		links[found[1]] = found[2]
	}
	return links
}

// speech is what a program prints while others read it.
type speech struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *speech) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *speech) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

package embedded_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"tachiai/server/embedded/embeddedtest"
)

// program starts tachiai-objects by itself and returns its address.
func program(t *testing.T, args ...string) (cmd *exec.Cmd, stdin io.Closer, addr string) {
	t.Helper()
	bin, err := embeddedtest.ObjectsBin()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(bin, args...)
	cmd.Env = append(os.Environ(), "S3_ACCESS_KEY=a", "S3_SECRET_KEY=secret")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if a, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			return cmd, in, a
		}
	}
	t.Fatal("it does not listen")
	return nil, nil, ""
}

func TestObjectsProgram(t *testing.T) {
	dir := t.TempDir()
	cmd, stdin, addr := program(t, "-dir", dir, "-with-parent")
	if !strings.HasPrefix(addr, "127.0.0.1:") || strings.HasSuffix(addr, ":0") {
		t.Errorf("listens on %s", addr)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("without a signature: %s", resp.Status)
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("end of standard input: %v", err)
	}
	cmd, _, again := program(t, "-dir", dir, "-listen", addr)
	if again != addr {
		t.Errorf("restarted at %s, asked for %s", again, addr)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
}

func TestObjectsProgramRefuses(t *testing.T) {
	bin, err := embeddedtest.ObjectsBin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		env  []string
		want string
	}{
		{[]string{"-dir", t.TempDir(), "-listen", "0.0.0.0:0"}, []string{"S3_ACCESS_KEY=a", "S3_SECRET_KEY=b"}, "loopback"},
		{[]string{"-dir", t.TempDir()}, nil, "S3_ACCESS_KEY"},
		{[]string{"-dir", "/nonexistent/dir"}, []string{"S3_ACCESS_KEY=a", "S3_SECRET_KEY=b"}, "nonexistent"},
	} {
		cmd := exec.Command(bin, c.args...)
		cmd.Env = c.env
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%v: %v, %s", c.args, err, out)
		}
	}
}

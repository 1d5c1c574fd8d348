package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// browser finds what the screens run in.
func browser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("no browser: install Debian's chromium")
}

// act lets the browser do one thing and reads what it took.
func (b *bench) act(ctx context.Context, name string, more map[string]any, into any) error {
	say("-- a browser: %s", name)
	for key, value := range b.settings {
		more[key] = value
	}
	told, err := json.Marshal(more)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
	defer cancel()
	play := exec.CommandContext(ctx, "node", "browser/bench.mjs", name, string(told))
	play.Dir = "pwa"
	play.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var faults bytes.Buffer
	play.Stderr = &faults
	out, err := play.Output()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, faults.Bytes())
	}
	return json.Unmarshal(out, into)
}

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// What the screens are measured with. A link can be opened twenty times.
const (
	screenCases = 30
	screenSaves = 40
	screenColds = 7
	screenLinks = 9
)

// screens measures what people wait for in a browser, and what it has to fetch. The pages' own clocks tell the times (pwa/browser/bench.mjs).
func screens(ctx context.Context, b *bench) (err error) {
	chromium, err := browser()
	if err != nil {
		return err
	}
	s, err := b.open(ctx, "screens")
	if err != nil {
		return err
	}
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, s.close())
		}
	}()
	for _, e := range []struct {
		realm, path string
		most        float64
	}{{"field", "/field/", 70}, {"office", "/office/", 0}, {"client", "/d/a", 40}} {
		size, err := s.entry(ctx, e.path)
		if err != nil {
			return err
		}
		b.table.add(row{figure: e.realm + " entry: JavaScript, gzip", measured: size / 1024, unit: "KiB", most: e.most})
	}
	if err := papers(b); err != nil {
		return err
	}
	b.settings = map[string]any{"site": s.public, "chromium": chromium, "profile": filepath.Join(b.dir, "phone")}
	if err := s.letters(ctx, b); err != nil {
		return err
	}
	if err := s.phoneSaves(ctx, b); err != nil {
		return err
	}
	stopped = true // the phone goes on without it
	if err := s.close(); err != nil {
		return err
	}
	var cold struct{ Locked, Unlocked []float64 }
	if err := b.act(ctx, "cold", map[string]any{"samples": screenColds}, &cold); err != nil {
		return err
	}
	b.table.add(row{figure: "server dead: from the icon to the lock", measured: median(cold.Locked), unit: "ms"})
	b.table.add(row{figure: fmt.Sprintf("server dead: from the PIN to the list of %d cases", screenCases), measured: median(cold.Unlocked), unit: "ms"})
	return nil
}

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

var entryScript = regexp.MustCompile(`(?:src|href)="(/assets/[^"]+\.js)"`)

// entry is how many bytes of JavaScript a page loads before it shows anything, as a browser that knows gzip gets them.
func (s *site) entry(ctx context.Context, path string) (float64, error) {
	page, err := s.get(ctx, path, "identity")
	if err != nil {
		return 0, err
	}
	total := 0
	for _, found := range entryScript.FindAllSubmatch(page, -1) {
		packed, err := s.get(ctx, string(found[1]), "gzip")
		if err != nil {
			return 0, err
		}
		total += len(packed)
	}
	if total == 0 {
		return 0, fmt.Errorf("%s loads no script: are the screens built?", path)
	}
	return float64(total), nil
}

func (s *site) get(ctx context.Context, path, encoding string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", encoding)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}

// phoneSaves enrols a browser as a phone, gives it cases, and times the notes that it keeps.
func (s *site) phoneSaves(ctx context.Context, b *bench) error {
	rep := record.NewID(time.Now(), rand.Reader)
	_, err := s.db.ChangeMember(ctx, postgres.Member{ID: rep, Name: "営業 一郎", Roles: []record.Role{record.RoleRep}, Active: true}, s.admin, time.Now())
	if err != nil {
		return err
	}
	cases, err := s.cases(ctx, screenCases, rep)
	if err != nil {
		return err
	}
	code, err := s.db.NewEnrolmentCode(ctx, rep, time.Now())
	if err != nil {
		return err
	}
	var took struct{ Saved, Bare []float64 }
	err = b.act(ctx, "save", map[string]any{
		"link": wire.EnrolLink(s.public, wire.Code(code), s.root), "cases": screenCases, "case": cases[0].String(), "samples": screenSaves,
	}, &took)
	if err != nil {
		return err
	}
	b.table.add(row{
		figure: "from the tap to 保存済み: a note, sealed and on the disk", measured: median(took.Saved), unit: "ms",
		peer: "one bare write of 2 KiB to IndexedDB, strict", limit: median(took.Bare), most: 100,
	})
	return nil
}

// letters plays the demo on the site, and opens its link.
func (s *site) letters(ctx context.Context, b *bench) error {
	say("-- the demo, for its link")
	demo := exec.CommandContext(ctx, b.bin, "demo")
	demo.Dir, demo.Env = b.dir, s.child.Env
	said, err := demo.Output()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	link := regexp.MustCompile(`http\S+/d/\S+`).FindString(string(said))
	passcode := regexp.MustCompile(`passcode: +([0-9]{8})`).FindStringSubmatch(string(said))
	if link == "" || passcode == nil {
		return fmt.Errorf("the demo gave no link:\n%s", said)
	}
	var took struct{ Letter, Verified, Slowly []float64 }
	err = b.act(ctx, "link", map[string]any{"link": link, "passcode": passcode[1], "samples": screenLinks}, &took)
	if err != nil {
		return err
	}
	b.table.add(row{figure: "a link: from the passcode to the letter, verified", measured: median(took.Letter), unit: "ms", most: 1000})
	b.table.add(row{
		figure: "a link: verification alone, processor slowed 4 ×", measured: median(took.Slowly), unit: "ms",
		peer: "the same, not slowed", limit: median(took.Verified), most: 300,
	})
	return nil
}

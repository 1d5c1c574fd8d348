package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// environment makes a lookup of pairs NAME=value.
func environment(pairs ...string) func(string) string {
	values := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

var (
	s3set = []string{"S3_ENDPOINT=https://s3.example.jp/", "S3_BUCKET=b", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=hunter2", "S3_REGION=r"}
	dbset = "DATABASE_URL=postgres://tachiai:hunter2@db.example.jp:5432/tachiai?sslmode=verify-full"
)

func TestConfigDefaults(t *testing.T) {
	c, err := readConfig(environment("LISTEN=  ")) // blank is unset
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Checkpoint != 10*time.Second || c.LogLevel != slog.LevelInfo || c.LogFormat != "json" {
		t.Errorf("%v", c)
	}
	if !filepath.IsAbs(c.DataDir) || filepath.Base(c.DataDir) != "var" || c.KeysDir != filepath.Join(c.DataDir, "keys") {
		t.Errorf("directories %s, %s", c.DataDir, c.KeysDir)
	}
	if c.Production() || !c.EmbeddedStore() || len(c.Cautions()) != 0 || len(c.Proxies) != 0 {
		t.Errorf("not the embedded default: %v, %q", c, c.Cautions())
	}
	if on := c.OnPapers(); on.Name != "" {
		t.Errorf("the stand-in %q would be signed on papers", on.Name)
	}
	if got := c.Public(&net.TCPAddr{Port: 4711}); got != "http://localhost:4711" {
		t.Errorf("public URL %q", got)
	}
}

func TestConfigOfProduction(t *testing.T) {
	c, err := readConfig(environment(append(s3set, dbset, "MIGRATE_DATABASE_URL=postgres://owner@db/tachiai", "KEYS_DIR=/etc/tachiai/keys",
		"PUBLIC_URL=HTTPS://Tachiai.Example.JP:443/", "TRUSTED_PROXIES=10.1.2.3/8, 192.0.2.1 2001:db8::/32", "LOG_LEVEL=warn",
		"CHECKPOINT_INTERVAL=1m", "AGENCY_NAME=みなと派遣株式会社", "AGENCY_CONTACT=個人情報窓口 03-0000-0000")...))
	if err != nil {
		t.Fatal(err)
	}
	if on := c.OnPapers(); on.Name != "みなと派遣株式会社" || on.Contact != "個人情報窓口 03-0000-0000" {
		t.Errorf("on papers %v", on)
	}
	if !c.Production() || c.EmbeddedStore() || c.KeysDir != "/etc/tachiai/keys" || c.LogLevel != slog.LevelWarn || c.Checkpoint != time.Minute {
		t.Errorf("%v", c)
	}
	if c.PublicURL != "https://tachiai.example.jp" || c.S3Endpoint != "https://s3.example.jp" {
		t.Errorf("URLs %q, %q", c.PublicURL, c.S3Endpoint)
	}
	if got := fmt.Sprint(c.Proxies); got != "[10.0.0.0/8 192.0.2.1/32 2001:db8::/32]" {
		t.Errorf("proxies %s", got)
	}
	if got := c.Cautions(); len(got) != 0 {
		t.Errorf("cautions %q", got)
	}
}

func TestConfigFaults(t *testing.T) {
	for _, c := range []struct {
		env   []string
		names string // of the faults, in order
	}{
		{[]string{"LISTEN=8080"}, "LISTEN"},
		{[]string{"LISTEN=localhost:http"}, "LISTEN"},
		{[]string{"LISTEN=:65536"}, "LISTEN"},
		{[]string{"LISTEN=a b:1"}, "LISTEN"},
		{[]string{"LISTEN=:0"}, ""},
		{[]string{"LISTEN=[::1]:80"}, ""},
		{[]string{"METRICS_LISTEN=127.0.0.1:8080"}, "METRICS_LISTEN"},
		{[]string{"METRICS_LISTEN=127.0.0.1:9100"}, ""},
		{[]string{"PUBLIC_URL=tachiai.example"}, "PUBLIC_URL"},
		{[]string{"PUBLIC_URL=ftp://x"}, "PUBLIC_URL"},
		{[]string{"PUBLIC_URL=https://x/path"}, "PUBLIC_URL"},
		{[]string{"PUBLIC_URL=https://u:p@x"}, "PUBLIC_URL"},
		{[]string{"PUBLIC_URL=https://x?q"}, "PUBLIC_URL"},
		{[]string{"TLS_CERT=a", "PUBLIC_URL=https://x"}, "TLS_CERT"},
		{[]string{"TLS_KEY=a", "PUBLIC_URL=https://x"}, "TLS_CERT"},
		{[]string{"TLS_CERT=a", "TLS_KEY=b"}, "PUBLIC_URL"},
		{[]string{"TLS_CERT=a", "TLS_KEY=b", "PUBLIC_URL=http://x"}, "PUBLIC_URL"},
		{[]string{"TLS_CERT=a", "TLS_KEY=b", "PUBLIC_URL=https://x"}, ""},
		{[]string{"TLS_CERT=a", "TLS_KEY=b", "ACME_DOMAIN=x.example"}, "ACME_DOMAIN"},
		{[]string{"ACME_DOMAIN=x.example", "ACME_EMAIL=a@x.example"}, ""},
		{[]string{"ACME_DOMAIN=localhost"}, "ACME_DOMAIN"},
		{[]string{"ACME_DOMAIN=-.example"}, "ACME_DOMAIN"},
		{[]string{"ACME_EMAIL=a@x.example"}, "ACME_EMAIL"},
		{[]string{"ACME_DOMAIN=x.example", "ACME_EMAIL=nobody"}, "ACME_EMAIL"},
		{[]string{"DATABASE_URL=mysql://u:hunter2@h/d"}, "DATABASE_URL"},
		{[]string{"DATABASE_URL=host=h password=hunter2"}, "DATABASE_URL"},
		{[]string{"DATABASE_URL=postgres://u:hunter2%zz@h/d"}, "DATABASE_URL"},
		{[]string{"MIGRATE_DATABASE_URL=postgres://h/d"}, "MIGRATE_DATABASE_URL"},
		{[]string{dbset, "MIGRATE_DATABASE_URL=hunter2"}, "MIGRATE_DATABASE_URL"},
		{[]string{"S3_BUCKET=b", "S3_SECRET_KEY=hunter2"}, "S3_ENDPOINT, S3_ACCESS_KEY, S3_REGION"},
		{append(s3set[1:], "S3_ENDPOINT=s3.example.jp"), "S3_ENDPOINT"},
		{append(s3set[1:], "S3_ENDPOINT=https://hunter2@s3.example.jp"), "S3_ENDPOINT"},
		{s3set, ""},
		{[]string{"TRUSTED_PROXIES=10.0.0.0/33"}, "TRUSTED_PROXIES"},
		{[]string{"TRUSTED_PROXIES=proxy"}, "TRUSTED_PROXIES"},
		{[]string{"LOG_LEVEL=loud"}, "LOG_LEVEL"},
		{[]string{"LOG_FORMAT=xml"}, "LOG_FORMAT"},
		{[]string{"CHECKPOINT_INTERVAL=10"}, "CHECKPOINT_INTERVAL"},
		{[]string{"CHECKPOINT_INTERVAL=0s"}, "CHECKPOINT_INTERVAL"},
		{[]string{"SHUTDOWN_TIMEOUT=1h"}, "SHUTDOWN_TIMEOUT"},
		{[]string{"AGENCY_NAME=a\nb"}, "AGENCY_NAME"},
		{[]string{"AGENCY_CONTACT=a\nb"}, "AGENCY_CONTACT"},
		{[]string{"LISTEN=x", "DATABASE_URL=hunter2", "S3_REGION=r", "LOG_FORMAT=xml", "CHECKPOINT_INTERVAL=1ns"},
			"LISTEN|DATABASE_URL|S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY|LOG_FORMAT|CHECKPOINT_INTERVAL"},
	} {
		t.Run(strings.Join(c.env, " "), func(t *testing.T) {
			_, err := readConfig(environment(c.env...))
			var names []string
			var faults faultList
			if errors.As(err, &faults) {
				for _, fault := range faults {
					name, _, _ := strings.Cut(fault, ":")
					names = append(names, name)
				}
			}
			if got := strings.Join(names, "|"); got != c.names || (err != nil) != (c.names != "") {
				t.Errorf("faults of %q, want %q: %v", got, c.names, err)
			}
			if err != nil && (!errors.Is(err, errSettings) || strings.Contains(err.Error(), "hunter2")) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestConfigCautions(t *testing.T) {
	for _, c := range []struct {
		env  []string
		want string
	}{
		{[]string{"PUBLIC_URL=http://tachiai.example"}, "phones need https"},
		{[]string{"PUBLIC_URL=https://192.0.2.1"}, "passkeys"},
		{[]string{dbset}, "MIGRATE_DATABASE_URL"},
		{[]string{dbset, "MIGRATE_DATABASE_URL=postgres://owner@db/d"}, "embedded"},
	} {
		config, err := readConfig(environment(c.env...))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(config.Cautions(), "; "); !strings.Contains(got, c.want) {
			t.Errorf("%q: %q", c.env, got)
		}
	}
}

func TestConfigHidesSecrets(t *testing.T) {
	c, err := readConfig(environment(append(s3set, dbset, "MIGRATE_DATABASE_URL=postgres:///d?host=/run&password=hunter2")...))
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	slog.New(slog.NewJSONHandler(&said, nil)).Info("started", "config", c, "url", c.DatabaseURL, "key", c.S3SecretKey)
	slog.New(slog.NewTextHandler(&said, nil)).Info("started", "config", c, "url", c.DatabaseURL, "key", c.S3SecretKey)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&said, format, c)
		fmt.Fprintf(&said, format, &c)
		fmt.Fprintf(&said, format, c.S3SecretKey)
		fmt.Fprintf(&said, format, struct{ C Config }{c})
	}
	if err := json.NewEncoder(&said).Encode(c); err != nil {
		t.Fatal(err)
	}
	if got := said.String(); strings.Contains(got, "hunter2") || strings.Contains(got, fmt.Sprintf("%x", "hunter2")) {
		t.Errorf("a secret is shown: %s", got)
	}
	if !strings.Contains(said.String(), "DATABASE_URL=postgres://db.example.jp:5432/tachiai ") || !strings.Contains(said.String(), `"S3_SECRET_KEY":"(set)"`) {
		t.Errorf("the settings are not shown: %s", said.String())
	}
}

// Every setting is documented, and no name stands twice.
func TestConfigHelp(t *testing.T) {
	form := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	seen := map[string]bool{}
	for _, s := range settings() {
		if !form.MatchString(s.name) || s.doc == "" || seen[s.name] {
			t.Errorf("setting %+v", s)
		}
		seen[s.name] = true
		if !strings.Contains(configHelp(), s.name) {
			t.Errorf("%s is not in the help text", s.name)
		}
	}
}

// The README shows the settings as the program does. On a difference: copy the
// output of "tachiai help config" between its markers.
func TestConfigInReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "<!-- settings: written by \"tachiai help config\" -->\n```\n")
	table, _, ended := strings.Cut(rest, "```\n<!-- settings end -->")
	if !ended || table != configHelp() {
		t.Errorf("the README's settings are not those of \"tachiai help config\":\n%s", configHelp())
	}
}

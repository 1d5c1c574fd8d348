package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"tachiai/sync/wire"
)

// Config holds every setting. Each is one environment variable: its name, its
// default and its meaning stand in the tags, from which "tachiai help config"
// and the README's table are made. An empty variable counts as unset.
type Config struct {
	Listen        string         `env:"LISTEN" default:"127.0.0.1:8080" doc:"address and port to listen on"`
	PublicURL     string         `env:"PUBLIC_URL" default:"http://localhost:PORT" doc:"scheme and host under which phones and browsers reach the server; stands in every link, device proofs are bound to it"`
	TLSCert       string         `env:"TLS_CERT" doc:"certificate chain, PEM file; with TLS_KEY the server speaks HTTPS itself"`
	TLSKey        string         `env:"TLS_KEY" doc:"private key of TLS_CERT, PEM file"`
	ACMEDomain    string         `env:"ACME_DOMAIN" doc:"host name to obtain a certificate for by ACME (instead of TLS_CERT); port 443 must be reachable"`
	ACMEEmail     string         `env:"ACME_EMAIL" doc:"contact that the ACME account is registered with"`
	Proxies       []netip.Prefix `env:"TRUSTED_PROXIES" doc:"CIDR list of proxies whose X-Forwarded-For is believed; empty: the peer's address counts"`
	DataDir       string         `env:"DATA_DIR" default:"./var" doc:"directory of everything that is kept on this machine"`
	KeysDir       string         `env:"KEYS_DIR" default:"DATA_DIR/keys" doc:"directory of the key inventory; with DATABASE_URL set it must exist (tachiai keys init)"`
	DatabaseURL   Secret         `env:"DATABASE_URL" doc:"postgres:// URL to serve with; empty: a Postgres of its own below DATA_DIR"`
	MigrateURL    Secret         `env:"MIGRATE_DATABASE_URL" default:"DATABASE_URL" doc:"postgres:// URL of the schema's owner, used for migrations only"`
	S3Endpoint    string         `env:"S3_ENDPOINT" doc:"http(s)://host[:port] of the object store; empty: one of its own below DATA_DIR"`
	S3Bucket      string         `env:"S3_BUCKET" doc:"bucket, which must exist"`
	S3AccessKey   string         `env:"S3_ACCESS_KEY" doc:"access key id"`
	S3SecretKey   Secret         `env:"S3_SECRET_KEY" doc:"secret access key"`
	S3Region      string         `env:"S3_REGION" doc:"region of the bucket"`
	PGBinDir      string         `env:"PG_BIN_DIR" doc:"directory of initdb and postgres for the embedded database; empty: looked for in the usual places"`
	ObjectsBin    string         `env:"OBJECTS_BIN" doc:"the tachiai-objects program for the embedded object store; empty: beside this binary, then PATH"`
	AgencyName    string         `env:"AGENCY_NAME" default:"(会社名未設定)" doc:"name of the staffing agency, as papers and pages show it"`
	AgencyContact string         `env:"AGENCY_CONTACT" doc:"where a worker's questions and withdrawals go, as papers say it: a desk, a telephone number, an address"`
	LogLevel      slog.Level     `env:"LOG_LEVEL" default:"info" doc:"debug, info, warn or error"`
	LogFormat     string         `env:"LOG_FORMAT" default:"json" doc:"json or text"`
	MetricsListen string         `env:"METRICS_LISTEN" doc:"address and port for /metrics alone; empty: on LISTEN, for this machine only"`
	Checkpoint    time.Duration  `env:"CHECKPOINT_INTERVAL" default:"10s" doc:"how often the ledger publishes a checkpoint when it has grown, 100ms to 1h"`
	Shutdown      time.Duration  `env:"SHUTDOWN_TIMEOUT" default:"20s" doc:"how long a stop may take before the process ends regardless, 1s to 10m"`
}

// readConfig reads, completes and checks the settings. The error lists every
// fault, one a line, each with the name of its variable and never with the
// value of a secret. It touches no file.
func readConfig(env func(string) string) (Config, error) {
	var c Config
	var faults faultList
	target := reflect.ValueOf(&c).Elem()
	for i, s := range settings() {
		text := strings.TrimSpace(env(s.name))
		if text == "" {
			text = s.literalDefault()
		}
		if text == "" {
			continue
		}
		if err := set(target.Field(i), text); err != nil {
			faults.add(s.name, "%v", err)
		}
	}
	c.complete(&faults)
	c.check(&faults)
	if len(faults) > 0 {
		return Config{}, faults
	}
	return c, nil
}

// setting is one field of Config, as its tags describe it.
type setting struct{ name, fallback, doc string }

// literalDefault is the default that can be read as it stands; those that name
// another setting are filled in by complete.
func (s setting) literalDefault() string {
	switch s.name {
	case "PUBLIC_URL", "KEYS_DIR", "MIGRATE_DATABASE_URL":
		return ""
	}
	return s.fallback
}

// settings lists Config's fields in order.
func settings() []setting {
	var all []setting
	for field := range reflect.TypeFor[Config]().Fields() {
		all = append(all, setting{field.Tag.Get("env"), field.Tag.Get("default"), field.Tag.Get("doc")})
	}
	return all
}

// set parses text into a field of one of the types that Config uses.
func set(field reflect.Value, text string) error {
	switch target := field.Addr().Interface().(type) {
	case *string:
		*target = text
	case *Secret:
		*target = Secret(text)
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 10s", text)
		}
		*target = d
	case *slog.Level:
		if err := target.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("%q is not one of debug, info, warn, error", text)
		}
	case *[]netip.Prefix:
		return setPrefixes(target, text)
	default:
		return fmt.Errorf("settings of type %s cannot be read", field.Type())
	}
	return nil
}

// setPrefixes reads CIDR ranges or single addresses, separated by commas or spaces.
func setPrefixes(target *[]netip.Prefix, text string) error {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(part)
		if addr, single := netip.ParseAddr(part); single == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return fmt.Errorf("%q is neither an address nor a range such as 10.0.0.0/8", part)
		}
		*target = append(*target, prefix.Masked())
	}
	return nil
}

// complete fills in the defaults that depend on other settings.
func (c *Config) complete(faults *faultList) {
	if dir, err := filepath.Abs(c.DataDir); err == nil {
		c.DataDir = dir
	} else {
		faults.add("DATA_DIR", "%v", err)
	}
	if c.KeysDir == "" {
		c.KeysDir = filepath.Join(c.DataDir, "keys")
	}
	if c.MigrateURL == "" {
		c.MigrateURL = c.DatabaseURL
	} else if c.DatabaseURL == "" {
		faults.add("MIGRATE_DATABASE_URL", "needs DATABASE_URL")
	}
	if c.PublicURL == "" && c.ACMEDomain != "" {
		c.PublicURL = "https://" + c.ACMEDomain
	}
}

// Production reports whether the database is somebody else's to run: then keys
// are never made up at start.
func (c Config) Production() bool { return c.DatabaseURL != "" }

// unnamed is AGENCY_NAME's default, which stands on pages until the agency has
// a name; nobody signs a paper with it.
const unnamed = "(会社名未設定)"

// OnPapers is what phones put into papers of the agency.
func (c Config) OnPapers() wire.Agency {
	if c.AgencyName == unnamed {
		return wire.Agency{}
	}
	return wire.Agency{Name: c.AgencyName, Contact: c.AgencyContact}
}

// EmbeddedStore reports whether the object store is the server's own.
func (c Config) EmbeddedStore() bool { return c.S3Endpoint == "" }

// Public returns PUBLIC_URL, or its default for the port that is listened on.
func (c Config) Public(listening net.Addr) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	_, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return "http://localhost"
	}
	return "http://localhost:" + port
}

// Cautions are settings that are allowed and probably not meant, one sentence each.
func (c Config) Cautions() []string {
	var all []string
	if u, err := url.Parse(c.PublicURL); err == nil && u.Scheme == "http" && !isLocal(u.Hostname()) {
		all = append(all, "PUBLIC_URL is http: phones need https to enrol")
	}
	if u, err := url.Parse(c.PublicURL); err == nil && net.ParseIP(u.Hostname()) != nil {
		all = append(all, "PUBLIC_URL is an IP address: passkeys need a host name")
	}
	if c.Production() && c.MigrateURL == c.DatabaseURL {
		all = append(all, "MIGRATE_DATABASE_URL is not set: the serving role owns the ledger's tables, so only triggers keep it from rewriting them")
	}
	if c.Production() && c.EmbeddedStore() {
		all = append(all, "the database is external and the object store is embedded: back up DATA_DIR too, and run one server only")
	}
	return all
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
}

// faultList is the error of readConfig: every fault, one a line.
type faultList []string

func (f *faultList) add(name, format string, args ...any) {
	*f = append(*f, name+": "+fmt.Sprintf(format, args...))
}

// has reports whether a fault of the setting is listed already.
func (f *faultList) has(name string) bool {
	return slices.ContainsFunc(*f, func(line string) bool { return strings.HasPrefix(line, name+": ") })
}

// Error lists the faults.
func (f faultList) Error() string {
	if len(f) == 1 {
		return "wrong setting: " + f[0]
	}
	return strconv.Itoa(len(f)) + " wrong settings:\n  " + strings.Join(f, "\n  ")
}

// errSettings is what faultList is to errors.Is.
var errSettings = errors.New("wrong settings")

// Is makes every faultList errSettings.
func (f faultList) Is(target error) bool { return target == errSettings }

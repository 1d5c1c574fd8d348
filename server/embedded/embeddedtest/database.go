package embeddedtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tachiai/server/embedded"
	"tachiai/server/objects"
)

// Database makes an empty database for one test and drops it at the test's end.
// ownerURL connects as tachiai_owner, which owns it; appURL as tachiai_app, which
// may connect and nothing else until the owner grants it.
func Database(tb testing.TB) (ownerURL, appURL string) {
	tb.Helper()
	return clone(tb, Start(tb), "template1")
}

// Cloned makes a database for one test as a copy of a template that prepare has
// filled: once for each name in a test process, then it is copied. Meant for
// migrations, so that not every test runs them. prepare must close its
// connections.
func Cloned(tb testing.TB, name string, prepare func(ownerURL, appURL string) error) (ownerURL, appURL string) {
	tb.Helper()
	s := Start(tb)
	templates.Lock()
	defer templates.Unlock()
	key := s.SuperuserURL + " " + name
	template, ok := templates.names[key]
	if !ok {
		template = "template_" + random()
		create(tb, s, template, "template1")
		if err := prepare(at(s.MigrateURL, template), at(s.DatabaseURL, template)); err != nil {
			tb.Fatalf("template %s: %v", name, err)
		}
		templates.names[key] = template
	}
	return clone(tb, s, template)
}

var templates = struct {
	sync.Mutex
	names map[string]string
}{names: map[string]string{}}

func clone(tb testing.TB, s *embedded.Services, template string) (ownerURL, appURL string) {
	tb.Helper()
	name := "test_" + random()
	create(tb, s, name, template)
	tb.Cleanup(func() { superuser(tb, s, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return at(s.MigrateURL, name), at(s.DatabaseURL, name)
}

func create(tb testing.TB, s *embedded.Services, name, template string) {
	tb.Helper()
	superuser(tb, s, "CREATE DATABASE "+name+" TEMPLATE "+template+" OWNER tachiai_owner",
		"REVOKE ALL ON DATABASE "+name+" FROM PUBLIC",
		"GRANT CONNECT ON DATABASE "+name+" TO tachiai_app")
}

// superuser runs statements one by one on a connection of its own.
func superuser(tb testing.TB, s *embedded.Services, statements ...string) {
	tb.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.SuperuserURL)
	if err != nil {
		tb.Fatalf("embedded Postgres: %v", err)
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			tb.Fatalf("embedded Postgres: %s: %v", sql, err)
		}
	}
}

// at returns the URL with another database.
func at(rawURL, database string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		panic(err) // made by server/embedded
	}
	u.Path = "/" + database
	return u.String()
}

// Bucket names a bucket of its own for one test. objects.Open creates it.
func Bucket(tb testing.TB) objects.Config {
	tb.Helper()
	s3 := Start(tb).S3
	return objects.Config{
		Endpoint: s3.Endpoint, Bucket: "test-" + random(), AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region,
	}
}

func random() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

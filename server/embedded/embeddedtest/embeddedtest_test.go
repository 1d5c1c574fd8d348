package embeddedtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"tachiai/server/objects"
)

func TestMain(m *testing.M) { Main(m) }

func TestDatabase(t *testing.T) {
	ctx := t.Context()
	owner, app := Database(t)
	o, err := pgx.Connect(ctx, owner)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close(context.Background())
	if _, err := o.Exec(ctx, "CREATE TABLE t (x int)"); err != nil {
		t.Fatal(err)
	}
	a, err := pgx.Connect(ctx, app)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(context.Background())
	if _, err := a.Exec(ctx, "INSERT INTO t VALUES (1)"); err == nil {
		t.Error("tachiai_app writes to a table of the owner without a grant")
	}
	if _, err := a.Exec(ctx, "CREATE TABLE u (x int)"); err == nil {
		t.Error("tachiai_app creates tables")
	}
	var version, collation string
	if err := a.QueryRow(ctx, "SELECT version(), datcollate || '/' || datlocprovider::text FROM pg_database WHERE datname = current_database()").Scan(&version, &collation); err != nil {
		t.Fatal(err)
	}
	t.Log(version, collation)
}

func TestCloned(t *testing.T) {
	prepared := 0
	prepare := func(owner, _ string) error {
		prepared++
		conn, err := pgx.Connect(t.Context(), owner)
		if err != nil {
			return err
		}
		defer conn.Close(context.Background())
		_, err = conn.Exec(t.Context(), "CREATE TABLE t (x int)")
		return err
	}
	for range 2 {
		owner, _ := Cloned(t, "test", prepare)
		conn, err := pgx.Connect(t.Context(), owner)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "INSERT INTO t VALUES (1)"); err != nil {
			t.Error(err)
		}
		conn.Close(context.Background())
	}
	if prepared != 1 {
		t.Errorf("prepared %d times", prepared)
	}
}

func TestBucket(t *testing.T) {
	s, err := objects.Open(t.Context(), Bucket(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Create(t.Context(), "a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if o, err := s.Stat(t.Context(), "a"); err != nil || o.Size != 1 {
		t.Error(o, err)
	}
}

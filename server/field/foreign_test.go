package field_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/blob"
)

// tusPackage is where the foreign client lies.
const tusPackage = "../../e2e/tus"

// foreignJob is what e2e/tus/upload.mjs is told; see there.
type foreignJob struct {
	Endpoint     string          `json:"endpoint"`
	PublicURL    string          `json:"public_url"`
	JWK          json.RawMessage `json:"jwk"`
	Kid          string          `json:"kid"`
	File         string          `json:"file"`
	Record       string          `json:"record"`
	SHA256       string          `json:"sha256"`
	ChunkSize    int             `json:"chunk_size"`
	WithCreation bool            `json:"with_creation"`
	AbortAfter   int             `json:"abort_after"`
}

// foreignReport is what it prints.
type foreignReport struct {
	URL, Receipt string
	Offset       int64
	Requests     []string
	Resumed      bool
}

// L11: tus-js-client, a client that nobody here wrote, finishes: in one piece and in chunks, with data in the creation, over a line that breaks
// again and again and moves to another server, and after an abort of its own.
func TestL11ForeignClientFinishes(t *testing.T) {
	program, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is missing: install Node.js 20 or later (this test drives tus-js-client with it)")
	}
	if _, err := os.Stat(filepath.Join(tusPackage, "node_modules/tus-js-client/package.json")); err != nil {
		t.Fatal("tus-js-client is missing: run `npm ci --prefix e2e/tus` (make test does)")
	}
	const size = 700_000
	for name, test := range map[string]struct {
		job  foreignJob
		cuts []int64
		move bool
	}{
		"whole":              {job: foreignJob{ChunkSize: size}},
		"chunks":             {job: foreignJob{ChunkSize: 64 << 10}},
		"with creation":      {job: foreignJob{ChunkSize: 256 << 10, WithCreation: true}},
		"aborted":            {job: foreignJob{ChunkSize: 100_000, AbortAfter: 300_000}},
		"cut whole":          {job: foreignJob{ChunkSize: size}, cuts: []int64{150_000, 200_000}},
		"cut chunks":         {job: foreignJob{ChunkSize: 128 << 10}, cuts: []int64{40_000, 200_000, 70_000}},
		"another server":     {job: foreignJob{ChunkSize: 200_000}, cuts: []int64{250_000}, move: true},
		"cut while creating": {job: foreignJob{ChunkSize: 300_000, WithCreation: true}, cuts: []int64{100_000}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			first, second := s.node(), s.node()
			p := s.rep(first)
			caseID := s.theCase(p.id)
			entry, data := photographed(t, p.Phone, caseID, size)
			push(t, p.Phone, entry.Compact)
			line, err := fieldtest.NewLine(first.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer line.Close()
			line.CutAfter(test.cuts...)
			if test.move {
				line.Then(second.addr)
			}
			job := test.job
			job.Endpoint, job.PublicURL = line.URL()+fieldtest.PathUploads, publicURL
			job.Record, job.SHA256, job.Kid = entry.Hash.String(), blob.Of(data).String(), p.Kid().String()
			job.JWK, job.File = privateJWK(t, p.Phone), filepath.Join(t.TempDir(), "photo.jpg")
			if err := os.WriteFile(job.File, data, 0o600); err != nil {
				t.Fatal(err)
			}
			report := runForeign(t, program, job)
			if line.Cuts() != len(test.cuts) || report.Resumed != (job.AbortAfter > 0) {
				t.Fatalf("cut %d times of %d, resumed %v: %v", line.Cuts(), len(test.cuts), report.Resumed, report.Requests)
			}
			s.checkStored(caseKey(caseID, data), data, report.Receipt, entry.Hash)
			lost := 0 // a creation whose answer never came leaves an upload that nobody knows, until it expires
			if job.WithCreation && len(test.cuts) > 0 {
				lost = 1
			}
			if n := s.staged(); n != lost {
				t.Errorf("%d chunks left, want %d", n, lost)
			}
			if !slices.ContainsFunc(report.Requests, func(r string) bool { return strings.HasPrefix(r, "POST 201") }) {
				t.Errorf("requests %v", report.Requests)
			}
		})
	}
}

func runForeign(t *testing.T, program string, job foreignJob) foreignReport {
	t.Helper()
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "job.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, fault bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, filepath.Join(tusPackage, "upload.mjs"), file)
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, fault.String(), out.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var report foreignReport
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &report); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return report
}

// privateJWK is the phone's key as WebCrypto imports it.
func privateJWK(t *testing.T, p *fieldtest.Phone) json.RawMessage {
	t.Helper()
	point, err := p.Key().PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	secret, err := p.Key().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	coded := base64.RawURLEncoding.EncodeToString
	return json.RawMessage(fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q,"d":%q}`, coded(point[1:33]), coded(point[33:]), coded(secret)))
}

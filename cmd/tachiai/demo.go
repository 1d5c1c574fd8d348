package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

const demoManual = `Usage: tachiai demo [PHOTO ...]

Plays the product's main job: one evening of a badge that was thrown away. Two
phones capture it offline, contacts, a first visit with nobody at home, a
second one that ends with a signed declaration, then sync over HTTP with the
running server (or one that the demo starts and stops). One phone is cut in
the middle of an upload and resumes. In the office one person approves the
visit, another prepares a disclosure for the client, a third approves it: the
demo ends with the client's link and its passcode, for a browser.

Without arguments the photos are made; with arguments these files are the
photos of the second visit, byte for byte as they are.

What came of it lies in ./demo-out: records, receipts, photos, the client's
document, the checkpoint and the proofs as files. All of it is read back and verified there with the
rules that phone, server and auditor share, without asking the server, and
printed as a table.
`

// demoOut is where the demo leaves its files; a folder of an earlier demo is
// replaced.
const demoOut = "demo-out"

func demoCommand(ctx context.Context, p process, args []string) (err error) {
	photos, err := demoPhotos(args, time.Now())
	if err != nil {
		return err
	}
	p.env = demoSettings(p.env)
	config, err := readConfig(p.env)
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, config, logger(config, p.stderr), false, firstOrigin(config.PublicURL, time.Now()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	server, started, stop, err := h.running(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	home, err := os.MkdirTemp("", "tachiai-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	d := demo{house: h, server: server, started: started, out: p.stdout, home: home, day: evening(time.Now())}
	return d.play(ctx, photos)
}

// demoAgency is whose evening it is, unless AGENCY_NAME says otherwise.
const demoAgency = "株式会社みなと人材"

// demoSettings are those of env, with other defaults: the agency of the story,
// and a log that tells only what goes wrong.
func demoSettings(env func(string) string) func(string) string {
	return func(name string) string {
		switch value := env(name); {
		case value != "":
			return value
		case name == "AGENCY_NAME":
			return demoAgency
		case name == "LOG_LEVEL":
			return "warn"
		}
		return ""
	}
}

// running gives the address of the server of this house, and starts one inside
// this process when there is none; stop ends only what was started here.
func (h *house) running(ctx context.Context, p process) (url string, started bool, stop func() error, err error) {
	if h.address.PublicURL != "" && answers(ctx, h.address.PublicURL) {
		return h.address.PublicURL, false, func() error { return nil }, nil
	}
	// The port of the server that will serve the link afterwards, so that the papers name the right one; any other when it is taken.
	_, port, _ := net.SplitHostPort(h.config.Listen)
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port)) //nolint:noctx // the listener lives as long as the demo
	if err != nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // as above
	}
	if err != nil {
		return "", false, nil, err
	}
	url = fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- serve(ctx, process{p.env, p.stdin, io.Discard, p.stderr}, h, listener, url) }()
	stop = func() error { cancel(); return errors.Join(<-done, listener.Close()) }
	for range 200 {
		if answers(ctx, url) {
			return url, true, func() error { cancel(); return <-done }, nil
		}
		select {
		case err := <-done:
			cancel()
			return "", false, nil, err
		case <-time.After(50 * time.Millisecond):
		}
	}
	return "", false, nil, errors.Join(errors.New("the server did not come up"), stop())
}

func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// demoPhotos are the photos of the evening: the absence note first, then those
// of the second visit.
func demoPhotos(files []string, now time.Time) ([][]byte, error) {
	made := func(seed uint64) ([]byte, error) {
		return photograph(seed, evening(now).Add(20*time.Hour+40*time.Minute))
	}
	note, err := made(1)
	if err != nil {
		return nil, err
	}
	photos := [][]byte{note}
	for _, name := range files {
		bytes, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if len(bytes) == 0 || int64(len(bytes)) > blob.MaxSize {
			return nil, fmt.Errorf("%s: %d bytes; a photo has 1 to %d", name, len(bytes), blob.MaxSize)
		}
		photos = append(photos, bytes)
	}
	for seed := uint64(2); len(files) == 0 && seed < 4; seed++ {
		bytes, err := made(seed)
		if err != nil {
			return nil, err
		}
		photos = append(photos, bytes)
	}
	return photos, nil
}

func mediaType(bytes []byte) string { return blob.Sniff(bytes[:min(len(bytes), 512)]) }

// demo is one evening on its way from two phones to a folder.
type demo struct {
	house   *house
	server  string
	started bool // by the demo itself, and it ends with it
	out     io.Writer
	home    string // where the phones live
	day     time.Time
	cause   record.ID
}

func (d *demo) play(ctx context.Context, photos [][]byte) error {
	a, b, err := d.prepare(ctx)
	if err != nil {
		return err
	}
	d.say("18:49 電話B: 不在。圏外のまま帰る。  phone B: nobody at home; no signal all evening")
	if err := firstVisit(b, photos[0]); err != nil {
		return err
	}
	d.say("21:09 電話A: 廃棄申告書に署名。圏外。  phone A: the declaration is signed; no signal")
	if err := secondVisit(a, photos[1:]); err != nil {
		return err
	}
	d.say("同期 sync: %d + %d records", len(b.phone.Journal()), len(a.phone.Journal()))
	if err := d.cutAndResume(ctx, a.phone); err != nil {
		return fmt.Errorf("cut upload: %w", err)
	}
	for _, t := range []*teller{b, a} {
		s, err := t.phone.Sync(ctx)
		if err != nil {
			return err
		}
		if s.Quarantined > 0 || len(s.Missing) > 0 || len(t.phone.Outbox()) > 0 {
			return fmt.Errorf("not everything arrived: %d quarantined, %d photos missing, %d unsent", s.Quarantined, len(s.Missing), len(t.phone.Outbox()))
		}
	}
	h, err := d.hand(ctx, a)
	if err != nil {
		return fmt.Errorf("disclosure: %w", err)
	}
	if err := os.RemoveAll(demoOut); err != nil {
		return err
	}
	root, err := d.leave(ctx, demoOut, h, a.phone, b.phone)
	if err != nil {
		return err
	}
	lines, err := proveFolder(demoOut, root)
	if err != nil {
		return fmt.Errorf("NOT VERIFIED: %w", err)
	}
	if err := d.table(lines, root); err != nil {
		return err
	}
	d.invitation(h, a.own)
	return nil
}

// prepare does the office's part: two reps, a case, and a code for each phone.
func (d *demo) prepare(ctx context.Context) (a, b *teller, err error) {
	now := time.Now()
	admin, err := d.house.admin(ctx)
	if err != nil {
		return nil, nil, err
	}
	d.cause = record.NewID(now, rand.Reader)
	reps := []record.ID{record.NewID(now, rand.Reader), record.NewID(now, rand.Reader)}
	var drafts []postgres.Draft
	for i, name := range []string{"山﨑 誠", "辻󠄀 愛"} {
		drafts = append(drafts, postgres.Draft{Kind: record.KindMemberChanged, Actor: admin, Fields: []seal.Content{
			content("member", reps[i].String()), content("name", name), content("roles", []any{"rep"}), content("active", true),
		}})
	}
	drafts = append(drafts,
		postgres.Draft{Kind: record.KindCaseOpened, Case: d.cause, Actor: admin, Fields: []seal.Content{
			content("number", "2026-0147"), content("title", "入館証の回収"), content("worker_name", "髙橋 健"), content("worker_kana", "タカハシ ケン"),
			content("client", "株式会社東都ホールディングス 情報システム統括本部"), content("item", "入館証"), content("item_number", "TH-00147"),
			content("address", "東京都港区三田一丁目2番3号"), content("address_point", map[string]any{"lat": 356581000, "lng": 1397016000}),
		}},
		postgres.Draft{Kind: record.KindCaseAssigned, Case: d.cause, Actor: admin, Fields: []seal.Content{
			content("members", []any{reps[0].String(), reps[1].String()}),
		}})
	if _, err := d.house.db.AppendOffice(ctx, now, drafts...); err != nil {
		return nil, nil, err
	}
	if a, err = d.phone(ctx, "A", reps[0]); err != nil {
		return nil, nil, err
	}
	b, err = d.phone(ctx, "B", reps[1])
	return a, b, err
}

// phone enrols one, then switches it off and on again: what it seals from now
// on, it seals without ever having heard from the server.
func (d *demo) phone(ctx context.Context, name string, member record.ID) (*teller, error) {
	code, err := d.house.db.NewEnrolmentCode(ctx, member, time.Now())
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(d.home, name)
	link := d.server + "/field/enrol#" + code + "." + d.house.keys.RootID().String()
	p, err := fieldtest.New(fieldtest.Options{Server: d.server, Dir: dir, App: "tachiai-demo"})
	if err != nil {
		return nil, err
	}
	if _, err := p.Enrol(ctx, link); err != nil {
		return nil, fmt.Errorf("enrol phone %s: %w", name, err)
	}
	t := &teller{own: newOwnCopy(), day: d.day, clock: d.day, cause: d.cause, visit: record.NewID(d.day.Add(18*time.Hour), rand.Reader)}
	t.phone, err = fieldtest.New(fieldtest.Options{Server: d.server, Dir: dir, App: "tachiai-demo", Now: func() time.Time { return t.clock }})
	return t, err
}

// cutAndResume pushes the records of a phone, begins the upload of its first
// photo, breaks the connection half way, and goes on from what has arrived.
func (d *demo) cutAndResume(ctx context.Context, p *fieldtest.Phone) error {
	var records []string
	var hash record.Hash
	var digest string
	for _, e := range p.Journal() {
		records = append(records, e.Compact)
		for sum := range e.Blobs {
			if digest == "" {
				hash, digest = e.Hash, sum
			}
		}
	}
	if _, err := p.Push(ctx, records...); err != nil {
		return err
	}
	data, ok := p.Blob(digest)
	if !ok {
		return errors.New("the phone has no photo")
	}
	upload, err := p.CreateUpload(ctx, hash.String(), data, 0)
	if err != nil {
		return err
	}
	if err := p.Patch(ctx, upload, data, len(data)/2); !errors.Is(err, fieldtest.ErrCut) {
		return fmt.Errorf("the connection was to break: %w", err)
	}
	for range 40 { // what arrived before the cut is being put away
		if err := p.Ask(ctx, upload); err != nil {
			return err
		}
		if upload.Offset > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.say("切断 cut in mid-upload: the server holds %d of %d bytes; resuming", upload.Offset, len(data))
	if err := p.Finish(ctx, upload, data, 256<<10); err != nil {
		return err
	}
	return p.KeepBlobReceipt(ctx, hash, digest, upload.Receipt)
}

func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format+"\n", args...) }

func (d *demo) table(lines []proved, root record.KeyID) error {
	w := tabwriter.NewWriter(d.out, 2, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "\nphone\tno.\tkind\tcaptured (JST)\treceived\tledger\tphotos\tverified\n")
	for _, l := range lines {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%d\t%d\tyes\n", l.journal, l.seq, l.kind, l.captured.In(jst).Format("01-02 15:04:05"),
			l.received.In(jst).Format("01-02 15:04:05"), l.index, l.photos)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	d.say("\n%d records, verified from ./%s alone against the root key %s", len(lines), demoOut, root)
	return nil
}

func ed25519Key(public any) (ed25519.PublicKey, error) {
	key, ok := public.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the ledger key is no Ed25519 key")
	}
	return key, nil
}

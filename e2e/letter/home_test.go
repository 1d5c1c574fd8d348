package letter

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"io"
	"testing"
	"time"

	"tachiai/e2e/house"
	"tachiai/pwa"
	"tachiai/server/field/fieldtest"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// The worker's own copy: the secret in the QR code that he was shown, and the code that he chose.
const secret, ownCode = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE", "482193"

func hexOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// home is a house with its people.
type home struct {
	*house.House
	t                              *testing.T
	admin, rep, reviewer, approver record.ID
}

func newHome(t *testing.T) *home {
	t.Helper()
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	h := &home{t: t, House: house.For(t, house.Config{Settings: []string{"AGENCY_NAME=株式会社みなと人材"}})}
	h.must(h.Start())
	for name, member := range map[string]struct {
		id   *record.ID
		role record.Role
	}{"管理者": {&h.admin, record.RoleAdmin}, "山﨑 誠": {&h.rep, record.RoleRep}, "審査 担当": {&h.reviewer, record.RoleReviewer}, "承認 太郎": {&h.approver, record.RoleApprover}} {
		*member.id = record.NewID(time.Now(), rand.Reader)
		_, err := h.DB.ChangeMember(t.Context(), postgres.Member{ID: *member.id, Name: name, Roles: []record.Role{member.role}, Active: true}, *member.id, time.Now())
		h.must(err)
	}
	return h
}

func (h *home) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// disclosed is what was handed out.
type disclosed struct {
	id               record.ID
	pdf              []byte
	pdfKey, photoKey string
}

func content(name string, value any) seal.Content { return seal.Content{Name: name, Value: value} }

// disclose plays the evening up to the approval: a visit on the phone, a review, a disclosure prepared by one and approved by another.
func (h *home) disclose() disclosed {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	caseID, err := h.DB.OpenCase(ctx, postgres.NewCase{Members: []record.ID{h.rep}, Facts: []seal.Content{
		content("number", "2026-0147"), content("worker_name", "髙橋 健"), content("client", "株式会社東都ホールディングス"), content("item", "入館証"),
	}}, h.admin, now)
	h.must(err)
	code, err := h.DB.NewEnrolmentCode(ctx, h.rep, now)
	h.must(err)
	p, err := fieldtest.New(fieldtest.Options{Server: h.URL, Public: h.URL})
	h.must(err)
	_, err = p.Enrol(ctx, wire.EnrolLink(h.URL, wire.Code(code), h.Keys.RootID()))
	h.must(err)

	visit := record.NewID(now, rand.Reader)
	var seen []record.Hash
	put := func(d fieldtest.Draft) *fieldtest.Entry {
		d.Case, d.Visit = caseID, visit
		e, err := p.Seal(d)
		h.must(err)
		seen = append(seen, e.Hash)
		return e
	}
	picture := photograph()
	place := content("place_match", map[string]any{"verdict": "match", "distance_band": "le_50", "accuracy_m": 12})
	paper := append(declaration(h.t), place, content("copy_sha256", hexOf(secret)), content("copy_code_sha256", hexOf(secret+"."+ownCode)),
		content("geo", map[string]any{"lat": 356581000, "lng": 1397016000, "accuracy_m": 12, "age_ms": 900}))
	put(fieldtest.Draft{Kind: record.KindVisitStarted, Fields: []seal.Content{content("place", "doorstep")}})
	photo := put(fieldtest.Draft{
		Kind: record.KindPhotoCaptured, Fields: []seal.Content{content("source", "camera")},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "badge_pieces", Type: blob.JPEG, Bytes: picture}},
	})
	signed := put(fieldtest.Draft{Kind: record.KindDeclarationSigned, Fields: paper})
	put(fieldtest.Draft{Kind: record.KindVisitEnded, Fields: []seal.Content{content("outcome", "discarded_claimed"), content("records", append([]record.Hash{}, seen...))}})
	_, err = p.Sync(ctx)
	h.must(err)

	h.must(h.DB.ReviewVisit(ctx, postgres.Review{Case: caseID, Visit: visit, Decision: "approved", Records: seen}, h.reviewer, now))
	held, err := h.DB.Held(ctx, signed.Hash)
	h.must(err)
	d := disclosed{id: record.NewID(now, rand.Reader), pdf: []byte("%PDF-1.7\n% the client edition of this test\n%%EOF\n")}
	sum := blob.Of(d.pdf)
	d.pdfKey = "c/" + caseID.String() + "/" + sum.String()
	d.photoKey = "c/" + caseID.String() + "/" + blob.Of(picture).String()
	h.must(h.Objects.Put(ctx, d.pdfKey, bytes.NewReader(d.pdf), int64(len(d.pdf)), sum))
	_, err = h.DB.PrepareDisclosure(ctx, postgres.NewDisclosure{
		ID: d.id, Declaration: held, Photos: []postgres.PhotoRef{{Record: photo.Hash, ID: "p1"}},
		Recipient: history.Recipient{Name: "大橋 部長", Organisation: "株式会社東都ホールディングス", Department: "情報システム統括本部"},
		ExpiresAt: now.Add(14 * 24 * time.Hour), Sessions: 20,
		Document: postgres.NewBlob{ID: "document", Role: "document", SHA256: postgres.Digest(sum), Size: int64(len(d.pdf)), Type: blob.PDF, Key: d.pdfKey},
	}, h.reviewer, now)
	h.must(err)
	h.must(h.DB.DecideDisclosures(ctx, []record.ID{d.id}, postgres.Decision{Verdict: "approved"}, h.approver, now))
	return d
}

// issued is a link, and the passcode that goes another way.
type issued struct{ link, passcode string }

func (h *home) link(d disclosed) issued {
	h.t.Helper()
	i, err := h.DB.IssueLink(h.t.Context(), d.id, time.Now())
	h.must(err)
	origins, err := h.DB.Origins(h.t.Context())
	h.must(err)
	token, err := seal.SignLink(seal.Link{Origin: origins[len(origins)-1], Disclosure: d.id, JTI: i.JTI, Expires: i.ExpiresAt.Unix()}, h.Keys.Link)
	h.must(err)
	return issued{h.URL + "/d/" + token, i.Passcode}
}

func (h *home) revoke(d disclosed) {
	h.t.Helper()
	h.must(h.DB.RevokeDisclosure(h.t.Context(), d.id, "宛先の誤り", h.reviewer, time.Now()))
}

// damage changes one byte of an object, as whoever holds the store could.
func (h *home) damage(key string) {
	h.t.Helper()
	content, _, err := h.Objects.Get(h.t.Context(), key)
	h.must(err)
	data, err := io.ReadAll(content)
	h.must(err)
	h.must(content.Close())
	data[len(data)-3] ^= 1
	h.must(h.Objects.Delete(h.t.Context(), key))
	h.must(h.Objects.Create(h.t.Context(), key, data))
}

// photograph is a small picture.
func photograph() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil) // never fails on a buffer
	return b.Bytes()
}

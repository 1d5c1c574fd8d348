package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tachiai/server/client/clienttest"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// handed is what the office has prepared for the client: the document, the
// record that names its digest, and the two things that are told by two
// channels.
type handed struct {
	issued          clienttest.Issued
	pdf             []byte
	record, receipt string
	index           int64
}

// ownCopy is what the worker takes home: a secret in a QR code, and a code that
// he chose himself.
type ownCopy struct{ secret, code string }

func newOwnCopy() ownCopy {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails (Go 1.24)
	return ownCopy{base64.RawURLEncoding.EncodeToString(secret[:]), "258025"}
}

// fields are sealed with the declaration: hashes alone.
func (c ownCopy) fields() []seal.Content {
	hash := func(text string) string { sum := sha256.Sum256([]byte(text)); return hex.EncodeToString(sum[:]) }
	return []seal.Content{content("copy_sha256", hash(c.secret)), content("copy_code_sha256", hash(c.secret+"."+c.code))}
}

// hand plays the next morning in the office, over HTTP as its pages do: one
// person approves the visit, another prepares the disclosure, a third approves
// it, and a link is made. Nobody opens it: that is left to whoever runs the demo.
func (d *demo) hand(ctx context.Context, t *teller) (*handed, error) {
	reviewer, err := d.desk(ctx, "審査 花子", record.RoleReviewer)
	if err != nil {
		return nil, err
	}
	maker, err := d.desk(ctx, "提供 次郎", record.RoleReviewer)
	if err != nil {
		return nil, err
	}
	approver, err := d.desk(ctx, "承認 太郎", record.RoleApprover)
	if err != nil {
		return nil, err
	}
	var declaration record.Hash
	var all []record.Hash
	photos := []map[string]any{}
	for _, e := range t.phone.Journal() {
		all = append(all, e.Hash)
		switch blobs := e.BlobFields(); {
		case e.Kind == record.KindDeclarationSigned:
			declaration = e.Hash
		case len(blobs) > 0 && blobs[0].Role == "badge_pieces":
			photos = append(photos, map[string]any{"record": e.Hash, "id": blobs[0].ID})
		}
	}
	visit := "cases/" + t.cause.String() + "/visits/" + t.visit.String()
	if err := reviewer.Do(ctx, visit+"/review", map[string]any{"decision": "approved", "records": all}, nil); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	d.say("審査 花子: 訪問を承認  the visit is approved by a reviewer")
	id, err := d.prepareDisclosure(ctx, maker, t.cause, declaration, photos)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	d.say("提供 次郎: 提供を作成  a disclosure is prepared by another")
	if err := approver.Do(ctx, "disclosures/approve", map[string]any{"disclosures": []record.ID{id}, "decision": "approved"}, nil); err != nil {
		return nil, fmt.Errorf("approve: %w", err)
	}
	d.say("承認 太郎: 提供を承認  and approved by a third")
	return d.collect(ctx, maker, id)
}

// prepareDisclosure leaves a photo out of which no derivative can be made, such
// as one in a format that only phones read.
func (d *demo) prepareDisclosure(ctx context.Context, maker clienttest.Desk, cause record.ID, declaration record.Hash, photos []map[string]any) (record.ID, error) {
	var made struct{ ID record.ID }
	body := map[string]any{
		"documents": []record.Hash{declaration}, "photos": photos, "purpose": "貸与品の未返却に関する社内報告のため",
		"recipient": map[string]any{"name": "大野 部長", "organisation": "株式会社東都ホールディングス", "department": "情報システム統括本部"},
	}
	path := "cases/" + cause.String() + "/disclosures"
	err := maker.Do(ctx, path, body, &made)
	var p *clienttest.Problem
	if errors.As(err, &p) && p.Code == "photo_unusable" {
		body["photos"] = []any{}
		err = maker.Do(ctx, path, body, &made)
	}
	return made.ID, err
}

// collect makes the link, and fetches what the client will get.
func (d *demo) collect(ctx context.Context, maker clienttest.Desk, id record.ID) (*handed, error) {
	h := &handed{}
	path := "disclosures/" + id.String()
	if err := maker.Do(ctx, path+"/link", nil, &h.issued); err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	var state struct {
		Prepared struct{ Record record.Hash }
	}
	var held struct {
		Record, Receipt string
		Index           int64
	}
	if err := maker.Get(ctx, path, &state); err != nil {
		return nil, err
	}
	if err := maker.Get(ctx, "records/"+state.Prepared.Record.String(), &held); err != nil {
		return nil, err
	}
	h.record, h.receipt, h.index = held.Record, held.Receipt, held.Index
	var err error
	h.pdf, err = maker.File(ctx, path+"/document")
	return h, err
}

// desk creates a member and signs him in.
func (d *demo) desk(ctx context.Context, name string, role record.Role) (clienttest.Desk, error) {
	admin, err := d.house.admin(ctx)
	if err != nil {
		return clienttest.Desk{}, err
	}
	id, err := d.house.db.ChangeMember(ctx, postgres.Member{Name: name, Roles: []record.Role{role}, Active: true}, admin, time.Now())
	if err != nil {
		return clienttest.Desk{}, err
	}
	code, err := d.house.db.NewEnrolmentCode(ctx, id, time.Now())
	if err != nil {
		return clienttest.Desk{}, err
	}
	return clienttest.SignIn(ctx, d.server, nil, code)
}

// The files of the disclosure in a demo folder.
const (
	disclosureFolder = "disclosure"
	documentFile     = "document.pdf"
	preparedFile     = "disclosure.prepared"
)

// leave writes the document, and the record that names its digest.
func (h *handed) leave(ctx context.Context, d *demo, dir string, size int64) error {
	folder := filepath.Join(dir, disclosureFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	proof, err := d.get(ctx, fmt.Sprintf("/ledger/v1/inclusion?index=%d&size=%d", h.index, size))
	if err != nil {
		return err
	}
	return errors.Join(write(folder, documentFile, h.pdf), write(folder, preparedFile+".record", []byte(h.record)),
		write(folder, preparedFile+".receipt", []byte(h.receipt)), write(folder, preparedFile+".proof.json", proof))
}

// proveDocument judges the document that the client gets: its digest stands in
// a record that the office sealed, and that is in the ledger.
func proveDocument(folder string, set seal.KeySet, checkpoint ledger.Checkpoint) error {
	base := filepath.Join(folder, preparedFile)
	text, err := os.ReadFile(base + ".record")
	if err != nil {
		return err
	}
	r, err := seal.Open(string(text), set.KeyFunc(seal.UseOffice))
	if err != nil {
		return err
	}
	if len(r.Stray) > 0 || r.Withheld() > 0 {
		return errors.New("the record of the disclosure is not whole")
	}
	if _, err := provePlace(base, r, set, checkpoint); err != nil {
		return err
	}
	pdf, err := os.ReadFile(filepath.Join(folder, documentFile))
	if err != nil {
		return err
	}
	if blobs := r.BlobFields(); len(blobs) != 1 || blobs[0].SHA256 != blob.Of(pdf).String() {
		return errors.New(documentFile + " is not the document that was prepared")
	}
	return nil
}

// invitation tells how to open what was handed over. A server that the demo has
// started itself ends with it; its data stays, and the next server opens the
// same link.
func (d *demo) invitation(h *handed, own ownCopy) {
	public := d.server
	if d.started {
		public = d.house.config.Public(address(d.house.config.Listen))
	}
	d.say("\n提供リンク client link:   %s", public+strings.TrimPrefix(h.issued.Link, d.server))
	d.say("受取番号 passcode:        %s", h.issued.Passcode)
	d.say("有効期限 until:           %s", time.UnixMilli(h.issued.ExpiresAt).In(jst).Format("2006-01-02 15:04 JST"))
	d.say("提供する書面 document:    ./%s", filepath.Join(demoOut, disclosureFolder, documentFile))
	d.say("本人控え worker's copy:   %s/k#%s  (%s)", public, own.secret, own.code)
	if d.started {
		d.say("\nサーバーは停止しました。データは %s に残っています。AGENCY_NAME=%s make run で起動してから、リンクをブラウザーで開いてください。", d.house.config.DataDir, d.house.config.AgencyName)
		d.say("The server has stopped; its data stays in %s. Start it with \"AGENCY_NAME=%s make run\", then open the link in a browser.", d.house.config.DataDir, d.house.config.AgencyName)
	} else {
		d.say("\nリンクをブラウザーで開き、受取番号を入力してください。 Open the link in a browser and enter the passcode.")
	}
}

// address is a listening address that may not be listened on now.
type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

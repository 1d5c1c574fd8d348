package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"time"

	"tachiai/server/documents"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// paperRuns is how often the document is set.
const paperRuns = 40

// papers sets the PDF of a declaration, without photos: its time and its size. The photos in it come as they are.
func papers(b *bench) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	kid, err := seal.Thumbprint(&key.PublicKey)
	if err != nil {
		return err
	}
	content, err := declaration(time.Now())
	if err != nil {
		return err
	}
	j := newJournal(key, kid, record.NewID(time.Now(), rand.Reader))
	sealed, err := j.seal(record.KindDeclarationSigned, record.NewID(time.Now(), rand.Reader), record.NewID(time.Now(), rand.Reader), content)
	if err != nil {
		return err
	}
	signed, err := seal.Open(sealed.compact, seal.OneKey(&key.PublicKey))
	if err != nil {
		return err
	}
	fonts, err := documents.LoadFonts()
	if err != nil {
		return err
	}
	var took []time.Duration
	var size int
	for range paperRuns {
		err := timed(&took, func() error {
			file, err := documents.Declaration(documents.Input{
				Fonts: fonts, Edition: documents.Client, Record: signed, Agency: "株式会社みなと人材", Recipient: "株式会社東都ホールディングス 大橋 部長",
				VerifyURL: "https://tachiai.example/office/", Issued: time.Now(),
			})
			size = len(file)
			return err
		})
		if err != nil {
			return err
		}
	}
	b.table.add(row{figure: "PDF of a declaration, client edition: time", measured: milliseconds(median(took)), unit: "ms"})
	b.table.add(row{figure: "PDF of a declaration: size, without photos", measured: float64(size) / 1024, unit: "KiB", most: 100})
	return nil
}

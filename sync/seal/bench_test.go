package seal

import (
	"testing"

	"tachiai/sync/record"
)

// BenchmarkOpen is what a server does with each record before the lock.
func BenchmarkOpen(b *testing.B) {
	text, _ := newPhone(b, "phone-a").seal(record.KindVisitStarted, Content{"place", "doorstep"}, Content{"note", "夜間。表札なし。"})
	key := OneKey(phoneA.Public())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(text, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text, _ := newPhone(b, "phone-a").seal(record.KindVisitStarted, Content{"place", "doorstep"}, Content{"note", "夜間。表札なし。"})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	_, r := newPhone(b, "phone-a").seal(record.KindNoteWritten, Content{"note", "x"})
	pub := phoneA.Public()
	b.ReportAllocs()
	for b.Loop() {
		if err := Verify(r, pub); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReceipt(b *testing.B) {
	kid := kidOf(receipt)
	b.ReportAllocs()
	for b.Loop() {
		core, err := ReceiptCore(kid, phoneReceipt)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := SignCore(core, receipt); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenProof(b *testing.B) {
	token := made(b)(SignProof(phoneA, "POST", testURL, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
	key := OneKey(phoneA.Public())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := OpenProof(token, key, "POST", testURL); err != nil {
			b.Fatal(err)
		}
	}
}

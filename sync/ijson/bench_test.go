package ijson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// sample is the size and shape of a record's payload: ASCII structure and the
// digests of its disclosures.
func sample() []byte {
	var sd []string
	for i := range 24 {
		sd = append(sd, fmt.Sprintf(`"%043d"`, i))
	}
	return []byte(`{"v":1,"id":"0193a5c0-7b1a-7c3e-9f00-0123456789ab","seq":41,"prev":"` + strings.Repeat("A", 43) +
		`","kind":"declaration.signed","case":"0193a5c0-7b1a-7c3e-9f00-0123456789ab","visit":"0193a5c0-7b1a-7c3e-9f00-0123456789ac",` +
		`"at":"2026-11-23T19:04:05.123+09:00","tz":"Asia/Tokyo","boot":"k3J9dW1xQ2s","mono":123456,"clock":{"offset_ms":-12,"age_ms":4000},` +
		`"actor":"0193a5c0-7b1a-7c3e-9f00-0123456789ad","app":"1.0.0","policy":"` + strings.Repeat("B", 43) + `",` +
		`"blobs":[{"id":"p1","role":"photo"},{"id":"p2","role":"photo"}],"_sd_alg":"sha-256","_sd":[` + strings.Join(sd, ",") + `]}`)
}

func strokes() []byte {
	return []byte(`[` + strings.Repeat(`[1234,567,89,512],`, 700) + `[0,0,0,0]]`)
}

func japanese() []byte {
	return []byte(`["c2FsdHNhbHRzYWx0c2FsdA","note","` + strings.Repeat("契約書の写しを廃棄したことを確認しました。", 32) + `"]`)
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct {
		name string
		data []byte
	}{{"record", sample()}, {"strokes", strokes()}, {"japanese", japanese()}} {
		b.Run(c.name+"/ijson", func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(c.data, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"/encoding-json", func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				var v any
				if err := json.Unmarshal(c.data, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMarshal(b *testing.B) {
	v, err := Parse(sample(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	receipt := Members{M("v", 1), M("origin", "tachiai.example/ledger/1"), M("index", 123456), M("hash", strings.Repeat("A", 43)),
		M("kid", strings.Repeat("B", 43)), M("seq", 41), M("received_at", "2026-11-23T10:04:05.123Z"), M("skew_ms", -12)}
	for _, c := range []struct {
		name string
		in   any
	}{{"record", v}, {"receipt", receipt}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				if buf, err = Append(buf[:0], c.in); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(buf)))
		})
	}
}

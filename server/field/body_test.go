package field

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func zipped(t *testing.T, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadJSON: what may pass passes unchanged; everything else is the right one of the sentinels.
func TestReadJSON(t *testing.T) {
	const limit = 1 << 10
	fits, over := bytes.Repeat([]byte("a"), limit), bytes.Repeat([]byte("a"), limit+1)
	noise := []byte(strings.Repeat("not gzip ", 9))
	short := zipped(t, fits)
	for name, test := range map[string]struct {
		media, encoding string
		body            []byte
		want            []byte
		err             error
	}{
		"plain":              {"application/json", "", fits, fits, nil},
		"charset":            {"application/json; charset=UTF-8", "identity", fits, fits, nil},
		"gzip":               {"application/json", "gzip", zipped(t, fits), fits, nil},
		"empty":              {"application/json", "", nil, []byte{}, nil},
		"other media":        {"text/plain", "", fits, nil, errMedia},
		"no media":           {"", "", fits, nil, errMedia},
		"other charset":      {"application/json; charset=shift_jis", "", fits, nil, errMedia},
		"other encoding":     {"application/json", "br", fits, nil, errMedia},
		"encoded twice":      {"application/json", "gzip, gzip", zipped(t, zipped(t, fits)), nil, errMedia},
		"one byte too many":  {"application/json", "", over, nil, errTooBig},
		"bomb":               {"application/json", "gzip", zipped(t, make([]byte, 64<<20)), nil, errTooBig},
		"one byte unzipped":  {"application/json", "gzip", zipped(t, over), nil, errTooBig},
		"not gzip":           {"application/json", "gzip", noise, nil, errEncoded},
		"gzip cut":           {"application/json", "gzip", short[:len(short)-3], nil, errEncoded},
		"gzip header cut":    {"application/json", "gzip", short[:5], nil, errEncoded},
		"gzip of bad stream": {"application/json", "gzip", append(bytes.Clone(short[:10]), 0xff, 0xff, 0xff, 0xff), nil, errEncoded},
	} {
		for _, announced := range []bool{true, false} {
			r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(test.body))
			r.Header.Set("Content-Type", test.media)
			r.Header.Set("Content-Encoding", test.encoding)
			if !announced {
				r.ContentLength = -1
			}
			got, err := readJSON(r, limit)
			if !errors.Is(err, test.err) || (err == nil && !bytes.Equal(got, test.want)) {
				t.Errorf("%s: %d bytes, %v; want %v", name, len(got), err, test.err)
			}
		}
	}
}

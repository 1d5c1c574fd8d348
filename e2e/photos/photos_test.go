// Package photos takes photos in a real browser, large ones, broken ones and many, and looks at what has come of them on the server: every original
// byte for byte, and previews that are what they should be. What the browser does stands in pwa/browser/photos.mjs.
package photos

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tachiai/e2e/browser"
	"tachiai/e2e/house"
	"tachiai/sync/blob"
	"tachiai/sync/record"
)

func TestMain(m *testing.M) { house.Main(m) }

// inOneVisit are the photos that a long visit brings (L23).
const inOneVisit = 30

// part is what the browser is told.
type part struct {
	Language string   `json:"language"`
	Site     string   `json:"site"`
	Link     string   `json:"link"` // for the phone
	Case     string   `json:"case"`
	Chromium string   `json:"chromium"`
	Dir      string   `json:"dir"`      // for the phone's profile
	Photos   []string `json:"photos"`   // taken in this order; all have one name (L05)
	Hidden   int      `json:"hidden"`   // in which of them the first quarter is hidden
	Memory   int      `json:"memory"`   // from which on the browser's memory may not grow any more
	Empty    string   `json:"empty"`    // a photo of no bytes
	Pictures string   `json:"pictures"` // where pictures of the screens are left, if anywhere
}

func TestPhotos(t *testing.T) {
	h := newHome(t)
	dir := t.TempDir()
	var files [][]byte
	told := part{Language: "ja", Site: h.URL, Link: h.link, Case: h.caseID.String(), Chromium: browser.Chromium(t), Dir: dir, Pictures: os.Getenv("STORY_PICTURES")}
	add := func(data []byte) string {
		name := filepath.Join(dir, fmt.Sprint(len(files)), "image.jpg")
		h.must(os.Mkdir(filepath.Dir(name), 0o700))
		h.must(os.WriteFile(name, data, 0o600))
		files = append(files, data)
		return name
	}
	large := map[int]bool{} // by place: whether it is to be turned
	for n, size := range [][2]int{{4000, 3000}, {6000, 4000}, {8000, 6000}} {
		data, err := shot(size[0], size[1], n != 1)
		h.must(err)
		large[n] = n != 1
		told.Photos = append(told.Photos, add(data))
	}
	told.Photos = append(told.Photos, add(heic()), add(files[0][:len(files[0])/2]))
	const unreadable, cut = 3, 4
	told.Memory = len(files) + 5
	for n := len(files); n < inOneVisit; n++ {
		told.Photos = append(told.Photos, add(append(slices.Clone(files[0]), byte(n)))) // the same size, other bytes
	}
	told.Empty = add(nil)
	text, err := json.Marshal(told)
	h.must(err)
	browser.Play(t, "photos.mjs", string(text))

	list := h.photos(record.KindPhotoCaptured)
	if len(list) != inOneVisit+1 {
		t.Fatalf("%d photos, want %d and a live one", len(list), inOneVisit)
	}
	live := list[inOneVisit]
	if live.Text("source") != "live" || len(live.bytes["p1-preview"]) == 0 { // the browser's camera for tests gives a PNG
		t.Errorf("the live photo: %s, %v", live.Text("source"), live.blobs)
	}
	for n, photo := range list[:inOneVisit] {
		if !bytes.Equal(photo.bytes["p1"], files[n]) {
			t.Errorf("photo %d is not kept as it was taken", n)
		}
		if source := photo.Text("source"); source != "camera" {
			t.Errorf("photo %d is of the %s", n, source)
		}
		preview, made := photo.bytes["p1-preview"]
		switch n {
		case unreadable:
			if made || photo.blobs[0].Type != blob.HEIC {
				t.Errorf("of a HEIC: type %s, preview %v", photo.blobs[0].Type, made)
			}
		case cut: // whatever the browser makes of it
		default:
			upright(t, fmt.Sprintf("preview %d", n), preview, large[n] || n > cut, nil)
		}
	}
	redacted(t, h, list[told.Hidden])
}

// redacted: the picture in which the first quarter was hidden names its photo and shows nothing of that quarter; the photo is what it was.
func redacted(t *testing.T, h *home, photo taken) {
	t.Helper()
	list := h.photos(record.KindPhotoRedacted)
	if len(list) != 1 || list[0].Text("record") != photo.Hash.String() || list[0].Text("original") != "p1" || list[0].Visit != photo.Visit {
		t.Fatalf("what was hidden: %d records", len(list))
	}
	if faults := record.CheckSchema(list[0].Record); len(faults) > 0 {
		t.Errorf("faults %v", faults)
	}
	dark := color.RGBA{0x2b, 0x2b, 0x2b, 255}
	upright(t, "what was hidden", list[0].bytes["redacted"], true, &dark)
}

// upright wants a small JPEG that shows the four quarters where they belong; hidden stands in place of the first.
func upright(t *testing.T, what string, data []byte, turned bool, hidden *color.RGBA) {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	size := m.Bounds().Size()
	if len(data) > 300_000 || max(size.X, size.Y) != 1600 || (size.Y > size.X) != turned {
		t.Errorf("%s: %d bytes, %v", what, len(data), size)
	}
	want := quarters
	if turned { // to the right: what was left below is left above
		want = [4]color.RGBA{quarters[2], quarters[0], quarters[3], quarters[1]}
	}
	if hidden != nil {
		want[0] = *hidden
	}
	for i, c := range want {
		at := image.Pt(size.X/4+i%2*size.X/2, size.Y/4+i/2*size.Y/2)
		if r, g, b, _ := m.At(at.X, at.Y).RGBA(); !near(r, c.R) || !near(g, c.G) || !near(b, c.B) {
			t.Errorf("%s: quarter %d is %d %d %d, want %v", what, i, r>>8, g>>8, b>>8, c)
		}
	}
}

func near(got uint32, want uint8) bool {
	d := int(got>>8) - int(want)
	return d > -30 && d < 30
}

// Package story plays the whole story in real browsers: the office opens a case, a rep's phone takes it along, the server is killed, the visit
// happens on the phone alone, the server comes back, two people approve, and whoever receives the link verifies it. Then one byte of what is
// stored is changed, and what he sees turns red.
//
// The program is built and runs as a child with everything embedded, as somebody who types "make run" has it; it is killed and started again on
// the same address and data. What the browsers do stands in pwa/browser/story.mjs and the folder beside it.
package story

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tachiai/e2e/browser"
	"tachiai/e2e/house"
)

func TestMain(m *testing.M) { house.Main(m) }

func TestStory(t *testing.T) {
	for _, language := range []string{"ja", "en"} {
		t.Run(language, func(t *testing.T) { play(t, language) })
	}
}

// part is what the browsers are told.
type part struct {
	Language string            `json:"language"`
	Site     string            `json:"site"`
	Links    map[string]string `json:"links"`   // by role, as the first start printed them
	Control  string            `json:"control"` // what is posted to its paths happens to the server and its data
	Photo    string            `json:"photo"`
	Dir      string            `json:"dir"` // for the profile of the phone
	Chromium string            `json:"chromium"`
	Pictures string            `json:"pictures"` // where pictures of the screens are left, if anywhere
}

// play lets the browsers play the story once, and then looks at what it has left.
func play(t *testing.T, language string) {
	t.Helper()
	h := newHome(t)
	h.must(h.Start())
	photo := photograph(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "photo.jpg")
	h.must(os.WriteFile(file, photo, 0o600))
	told, err := json.Marshal(part{
		Language: language, Site: h.URL, Links: h.Links(), Control: h.control(), Photo: file, Dir: dir, Chromium: browser.Chromium(t), Pictures: os.Getenv("STORY_PICTURES"),
	})
	h.must(err)
	browser.Play(t, "story.mjs", string(told))
	if kept := h.original(); !bytes.Equal(kept, photo) {
		t.Errorf("the photo was taken with %d bytes and is kept with %d others", len(photo), len(kept))
	}
}

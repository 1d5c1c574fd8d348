// Package doorstep is the field app, as it was built, in a real browser, against the built program and a line that may be bad: what other systems of
// its kind have lost is not lost here. Each subtest is one lesson, by its number; what the browser does stands in pwa/browser/doorstep.
package doorstep

import (
	"encoding/json"
	"os"
	"testing"

	"tachiai/e2e/browser"
	"tachiai/e2e/house"
)

func TestMain(m *testing.M) { house.Main(m) }

// lessons are what each scene of pwa/browser/doorstep.mjs shows. The scenes share one phone, which is enrolled in the first that needs it, so that any
// of them may be played alone; what ruins a phone takes another one.
var lessons = []struct{ lesson, scene string }{
	{"L24 no position, an old one, or a coarse one: the visit goes on, with the reason", "positions"},
	{"what is written while a position is awaited", "whileMeasuring"},
	{"L04 the page is killed while the camera is open", "killedCamera"},
	{"L05 two photos with one name and one size", "sameName"},
	{"L21 where a photo came from", "sources"},
	{"L06 what was written is not what is read", "writtenWrong"},
	{"L06 what lies here has changed", "changedHere"},
	{"L02 the database closes under the page", "closed"},
	{"L01 signatures with photos beside, and L28 the whole text comes first", "signatures"},
	{"a loss report, filled in and signed to its end", "loss"},
	{"a paper that is half filled when one is asked to leave", "halfFilled"},
	{"killed at any moment, a visit goes on where it was", "killed"},
	{"a paper signed with a pen, photographed, and kept after its visit", "penned"},
	{"a receipt signed with a pen is the rep's own", "pennedReceipt"},
	{"one who does not sign, and what he says is read back to him", "declined"},
	{"nobody at home", "nobody"},
	{"one who reads English", "english"},
	{"one who says at the door not to come again", "notToCome"},
	{"a practice case is marked on every screen", "practice"},
	{"an item is handed over, and both sign for it", "handedOver"},
	{"every deed tapped again and again, and Back in the middle of it", "taps"},
	{"the office sees a visit whose planned end has passed", "overdue"},
	{"L32 a clock that is wrong by a year, another zone, midnight", "clocks"},
	{"L34 a slow line", "slow"},
	{"L34 a line that breaks", "breaking"},
	{"L34 a portal answers", "portal"},
	{"L34 a line that carries one way only", "oneWay"},
	{"L02 and L03 protection is asked for; a store that is emptied is told", "gone"},
	{"L18 a newer app takes the store over under the page", "outdated"},
	{"L16 two people on one phone, and log-out", "twoPeople"},
	{"a rep with hundreds of cases", "many"},
	{"every screen by axe, in both languages, by day and by night", "screens"},
	{"L18 a new version is offered, and taken with words half typed", "renewed"},
}

func TestDoorstep(t *testing.T) {
	h := newHome(t)
	dir := t.TempDir()
	told, err := json.Marshal(part{
		Language: "ja", Site: h.URL, Links: h.Links(), Control: h.control(), Dir: dir, Chromium: browser.Chromium(t), Photo: photograph(t, dir),
		Pictures: os.Getenv("STORY_PICTURES"),
	})
	h.must(err)
	scenes := browser.Open(t, "doorstep.mjs", string(told))
	for _, l := range lessons {
		t.Run(l.lesson, func(t *testing.T) { scenes.Play(t, l.scene) })
	}
}

// part is what the browser is told.
type part struct {
	Language string            `json:"language"`
	Site     string            `json:"site"`
	Links    map[string]string `json:"links"`   // of the office, by role, as the first start printed them
	Control  string            `json:"control"` // what is asked for there happens to the server, or is told of it: see control
	Dir      string            `json:"dir"`     // for profiles and photos
	Chromium string            `json:"chromium"`
	Photo    string            `json:"photo"`
	Pictures string            `json:"pictures"` // where pictures of the screens are left, if anywhere
}

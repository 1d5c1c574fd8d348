package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tachiai/sync/ijson"
)

type facts struct {
	Attempts      int
	VisitsToday   int  `json:"visits_today"`
	VisitsWeek    int  `json:"visits_week"`
	ToldNotToCome bool `json:"told_not_to_come"`
	Disputed      bool
	AgreedHours   bool `json:"agreed_hours"`
}

type finding struct {
	Rule  string
	Level Level
}

type vectorFile struct {
	SHA256 string
	Visits []struct {
		Name     string
		At       time.Time
		AtMS     int64 `json:"at_ms"`
		Facts    facts
		Findings []finding
		Worst    Level
	}
	Counts []struct {
		Name        string
		At          int64
		Began       []int64
		Today, Week int
	}
	Photos []struct {
		Role, Reason, Code string
		Page               int
		Findings           []finding
	}
	Watch []struct {
		Name       string
		Start      int64
		PlannedEnd int64 `json:"planned_end"`
		Now, Due   int64
		Overdue    bool
	}
	Invalid []struct {
		Name   string
		Policy json.RawMessage
		Faults []struct{ Pointer, Code string }
	}
}

func loadVectors(t testing.TB) (f vectorFile) {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/policy.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Visits) == 0 || len(f.Counts) == 0 || len(f.Photos) == 0 || len(f.Watch) == 0 || len(f.Invalid) == 0 {
		t.Fatal("a part of the vectors is empty")
	}
	return f
}

// brief leaves out the words, and wants them to be there.
func brief(t *testing.T, list []Finding) (short []finding) {
	t.Helper()
	for _, f := range list {
		short = append(short, finding{f.Rule, f.Level})
		for _, s := range []string{f.Text.JA, f.Text.EN, f.Source.JA, f.Source.EN} {
			if s == "" {
				t.Errorf("%s has no words or no source", f.Rule)
			}
		}
	}
	return short
}

// A published policy never changes: its hash stands in the vectors.
func TestVectorsHash(t *testing.T) {
	v, err := ijson.Parse(Source(), ijson.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	compact, err := ijson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(compact)
	if got := hex.EncodeToString(sum[:]); got != loadVectors(t).SHA256 || JP1.Version != "jp-1" {
		t.Errorf("%s: hash %s", JP1.Version, got)
	}
}

func TestVectorsVisits(t *testing.T) {
	for _, c := range loadVectors(t).Visits {
		t.Run(c.Name, func(t *testing.T) {
			if c.At.UnixMilli() != c.AtMS {
				t.Fatalf("%v is not %d", c.At, c.AtMS)
			}
			// The zone of the instant plays no part.
			for _, at := range []time.Time{c.At, time.UnixMilli(c.AtMS).UTC(), c.At.In(time.FixedZone("", -11*3600))} {
				list := Visit(JP1, at, Facts(c.Facts))
				if got := brief(t, list); !slices.Equal(got, c.Findings) || Worst(list) != c.Worst {
					t.Errorf("%v: %v, want %v", at, got, c.Findings)
				}
			}
		})
	}
}

func TestVectorsCounts(t *testing.T) {
	for _, c := range loadVectors(t).Counts {
		t.Run(c.Name, func(t *testing.T) {
			var began []time.Time
			for _, b := range c.Began {
				began = append(began, time.UnixMilli(b))
			}
			if today, week := Count(JP1, time.UnixMilli(c.At), began); today != c.Today || week != c.Week {
				t.Errorf("%d today, %d in the week; want %d, %d", today, week, c.Today, c.Week)
			}
		})
	}
}

func TestVectorsPhotos(t *testing.T) {
	for _, c := range loadVectors(t).Photos {
		t.Run(c.Role, func(t *testing.T) {
			if got := brief(t, Photo(JP1, c.Role, c.Reason)); !slices.Equal(got, c.Findings) {
				t.Errorf("%v, want %v", got, c.Findings)
			}
			if r, page, ok := JP1.PhotoRole(c.Role); r.Code != c.Code || page != c.Page || ok != (c.Code != "") {
				t.Errorf("role %s, page %d", r.Code, page)
			}
		})
	}
}

func TestVectorsWatch(t *testing.T) {
	for _, c := range loadVectors(t).Watch {
		t.Run(c.Name, func(t *testing.T) {
			start, now, planned := time.UnixMilli(c.Start), time.UnixMilli(c.Now), time.Time{}
			if c.PlannedEnd != 0 {
				planned = time.UnixMilli(c.PlannedEnd)
			}
			if got := Overdue(JP1, start, planned, now); got != c.Overdue {
				t.Errorf("overdue %v", got)
			}
			if got := DueAt(JP1, start, planned); got.UnixMilli() != c.Due {
				t.Errorf("due at %v", got)
			}
		})
	}
}

func TestVectorsInvalid(t *testing.T) {
	for _, c := range loadVectors(t).Invalid {
		t.Run(c.Name, func(t *testing.T) {
			p, err := Parse(c.Policy)
			if !errors.Is(err, ErrPolicy) || p.Version != "" {
				t.Fatalf("accepted, or an untyped error: %v", err)
			}
			var got, want []string
			for _, e := range ijson.List(err) {
				got = append(got, e.Pointer+" "+e.Code())
			}
			for _, f := range c.Faults {
				want = append(want, f.Pointer+" "+f.Code)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("faults %s\nwant %s", strings.Join(got, ", "), strings.Join(want, ", "))
			}
		})
	}
}

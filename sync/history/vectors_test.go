package history

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"testing"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

var update = flag.Bool("update", false, "write the states of the vectors anew; then read the difference")

const vectorPath = "../testdata/vectors/history.json"

const vectorAbout = "The fold from records to states. Each story is a list of steps in ledger order; step i has index i unless it says otherwise (a repetition). " +
	"payload is a record's structure as signed, without _sd, whose length is sd; key is the kid of the header; fields are its content by name. " +
	"changed are the keys (type, id) that the step moves, states the whole states of these afterwards. Compare as JSON values, not as text."

type vectorFile struct {
	About   string
	Stories []story
}

type story struct {
	Name  string
	Steps []told
}

type told struct {
	Note       string                     `json:"note,omitempty"`
	Hash       record.Hash                `json:"hash"`
	Key        record.KeyID               `json:"key,omitzero"`
	Payload    map[string]any             `json:"payload"`
	SD         int                        `json:"sd"`
	Fields     map[string]any             `json:"fields"`
	Index      int64                      `json:"index"`
	ReceivedAt int64                      `json:"received_at"`
	Flags      []record.Flag              `json:"flags,omitempty"`
	Changed    [][2]string                `json:"changed"`
	States     map[string]json.RawMessage `json:"states"`
}

// open makes the record of a step.
func (s told) open(t testing.TB) arrived {
	t.Helper()
	sd := make([]record.Hash, s.SD)
	for i := range sd {
		sd[i][0] = byte(i)
	}
	payload := map[string]any{"_sd_alg": "sha-256", "_sd": sd}
	for name, v := range s.Payload {
		payload[name] = v
	}
	text, err := ijson.Marshal(integers(payload))
	if err != nil {
		t.Fatal(err)
	}
	structure, _, err := record.ParseStructure(text, s.Key.IsZero())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	r := &record.Record{Structure: structure, KeyID: s.Key, Hash: s.Hash, Fields: makeFields(t, integers(s.Fields).(map[string]any))}
	return arrived{r, Meta{s.Index, s.ReceivedAt, s.Flags}}
}

// integers undoes encoding/json's floats.
func integers(tree any) any {
	switch tree := tree.(type) {
	case float64:
		return int64(tree)
	case map[string]any:
		m := map[string]any{}
		for k, v := range tree {
			m[k] = integers(v)
		}
		return m
	case []any:
		list := []any{}
		for _, v := range tree {
			list = append(list, integers(v))
		}
		return list
	}
	return tree
}

func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	data, err := os.ReadFile(vectorPath)
	if err != nil {
		t.Fatal(err)
	}
	var file vectorFile
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Stories) < 5 {
		t.Fatal("stories are missing")
	}
	for _, s := range file.Stories {
		t.Run(s.Name, func(t *testing.T) {
			set := Set{}
			for i, step := range s.Steps {
				changed, states := step.run(t, set)
				if !reflect.DeepEqual(changed, step.Changed) {
					t.Fatalf("step %d (%s) changed %v, want %v", i, step.Note, changed, step.Changed)
				}
				for k, want := range step.States {
					if !sameJSON(t, states[k], want) {
						t.Fatalf("step %d (%s): %s is\n%s\nwant\n%s", i, step.Note, k, states[k], want)
					}
				}
				set = stored(t, set)
			}
		})
	}
}

func (s told) run(t testing.TB, set Set) (changed [][2]string, states map[string]json.RawMessage) {
	a := s.open(t)
	changed, states = [][2]string{}, map[string]json.RawMessage{}
	for _, k := range Apply(set, a.Record, a.Meta) {
		changed = append(changed, [2]string{string(k.Type), k.ID})
		body, err := Encode(set[k])
		if err != nil {
			t.Fatal(err)
		}
		states[string(k.Type)+" "+k.ID] = body
	}
	return changed, states
}

func sameJSON(t testing.TB, a, b json.RawMessage) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		return false
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

func writeVectors(t *testing.T) {
	file := vectorFile{About: vectorAbout, Stories: stories()}
	for _, s := range file.Stories {
		set := Set{}
		for i := range s.Steps {
			step := &s.Steps[i]
			step.Changed, step.States = step.run(t, set)
			set = stored(t, set)
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(map[string]any{"about": file.About, "stories": lower(file.Stories)}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(vectorPath, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func lower(list []story) (out []map[string]any) {
	for _, s := range list {
		out = append(out, map[string]any{"name": s.Name, "steps": s.Steps})
	}
	return slices.Clip(out)
}

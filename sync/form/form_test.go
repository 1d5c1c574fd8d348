package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What the 廃棄申告書 must ask for, item by item; ★ must be filled in.
func TestDisposalDeclarationIsComplete(t *testing.T) {
	tpl, ok := Lookup(DisposalDeclaration, 1)
	if !ok || tpl.Title.JA != "廃棄申告書" || tpl.Author != AuthorWorker {
		t.Fatal("no 廃棄申告書 by the worker")
	}
	checkItems(t, tpl, `document_no:text written_at:datetime★ written_place:choice★ addressed_to:text★ worker:person★
		address:text phone:text staff_no:text client:text assignment:text contract_end:date
		item_kind:text★ item_number:text★ item_count:text★ item_lent_on:date item_accessories:text
		last_possessed_when:range last_possessed_where:text discarded_when:range★ discarded_where:text★ discarded_how:choice★
		discarded_state:choice waste_category:text collection_day:text reason:paragraph★ known_by:paragraph
		return_instruction:choice return_instruction_when:range return_instruction_how:text
		not_lent:check not_copied:check not_entered:check report_if_found:check voluntary:check★ read:check★ copy_received:check
		pd_purpose:paragraph★ pd_recipients:text★ pd_items:paragraph★ pd_retention:paragraph★ pd_contact:text★
		consent_client:consent★ consent_gps:consent★ consent_photos:consent★ reservations:paragraph
		identity_method:choice★ companions:text witness:person★ witness_affiliation:text★ attachments:table copy:choice★
		signature_method:choice★ signature:signature★`)
	if i, _ := tpl.Item("worker"); !i.Kana {
		t.Error("the reading of the name is not asked for")
	}
	// The words that make it voluntary.
	if i, _ := tpl.Item("voluntary"); !strings.Contains(i.Text.JA, "任意に述べたもので、強制されていません") {
		t.Errorf("voluntary says %s", i.Text.JA)
	}
	for _, key := range []string{"reason", "reservations"} {
		if i, _ := tpl.Item(key); !i.Stated || i.By != ByWorker {
			t.Errorf("%s is not the worker's own words", key)
		}
	}
	// Only the worker himself ticks and consents.
	for _, i := range tpl.Items {
		if (i.Type == TypeCheck || i.Type == TypeConsent) && i.By != ByWorker {
			t.Errorf("%s is ticked by %s", i.Key, i.By)
		}
	}
	// Purpose and recipients are named before consent is asked for.
	if at := index(tpl, "consent_client"); at < index(tpl, "pd_purpose") || at < index(tpl, "pd_recipients") {
		t.Error("consent is asked for before its purpose is named")
	}
}

func TestLossReportIsComplete(t *testing.T) {
	tpl, ok := Lookup(LossReport, 1)
	if !ok || tpl.Title.JA != "紛失届" || tpl.Author != AuthorWorker {
		t.Fatal("no 紛失届 by the worker")
	}
	checkItems(t, tpl, `noticed_when:range★ possessed_last_when:range★ possessed_last_where:text★ believed_lost_when:range★ believed_lost_where:text★
		movements:table★ cause:choice★ searched_where:paragraph searched_result:text police_report:choice★ police_none_reason:text
		police_station:text police_date:date police_number:text facility_enquiries:paragraph other_things_lost:text signs_of_misuse:text
		printed_on_badge:text client_first_report:text deactivation_asked:datetime deactivation_confirmed:datetime`)
	// The same head, checks, consents and signature as the 廃棄申告書.
	disposal, _ := Lookup(DisposalDeclaration, 1)
	own := []string{"last_possessed_when", "last_possessed_where", "waste_category", "collection_day", "reason"}
	for _, i := range disposal.Items {
		if i.Key == "" || strings.HasPrefix(i.Key, "discarded_") || slices.Contains(own, i.Key) {
			continue
		}
		if j, ok := tpl.Item(i.Key); !ok || fmt.Sprint(j) != fmt.Sprint(i) {
			if i.RequiredIf == nil || j.RequiredIf == nil || fmt.Sprint(*i.RequiredIf) != fmt.Sprint(*j.RequiredIf) {
				t.Errorf("%s differs", i.Key)
			}
		}
	}
}

func TestAgencyPapersAreComplete(t *testing.T) {
	receipt, _ := Lookup(ReturnReceipt, 1)
	checkItems(t, receipt, `received_at:datetime★ received_place:choice★ returned_by:person★ returned_by_relation:choice★ proxy_relation:text proxy_check:text
		received_by:person★ item_kind:text★ condition:choice★ photo_front:check photo_back:check delivery:choice★ tracking_no:text still_missing:text copy:choice★
		signature:signature★ returner_signature_state:choice★ returner_declined_reason:text returner_signature:signature
		bag_no:text kept_where:text kept_by:person handed_at:datetime handed_to:person number_matched:choice deactivated_at:datetime`)
	if s := receipt.Items[0].Text.JA; !strings.Contains(s, "受け取ったことだけを証明") || !strings.Contains(s, "債務や責任を定めるものではありません") {
		t.Errorf("the receipt says %s", s)
	}
	note, _ := Lookup(AbsenceNote, 1)
	checkItems(t, note, `rep:person★ rep_phone:text★`)
	for _, lang := range []string{JA, EN} {
		text, err := Text(note, map[string]any{"left_at": "2026-11-18T19:40", "rep": map[string]any{"name": "山﨑"}, "rep_phone": "080-0000-0000"}, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"派遣", "入館証", "返却", "案件", "会社", "agency", "badge", "return", "client"} {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("the note reveals %s", word)
			}
		}
	}
}

func checkItems(t *testing.T, tpl Template, want string) {
	t.Helper()
	for w := range strings.FieldsSeq(want) {
		key, rest, _ := strings.Cut(w, ":")
		kind, required := strings.CutSuffix(rest, "★")
		i, ok := tpl.Item(key)
		if !ok || i.Type != Type(kind) || i.Required != required {
			t.Errorf("%s: %s is a %s, required %v; want %s, %v", tpl.ID, key, i.Type, i.Required, kind, required)
		}
	}
}

func index(tpl Template, key string) int {
	return slices.IndexFunc(tpl.Items, func(i Item) bool { return i.Key == key })
}

// What the client never sees.
func TestClientTextHidesPersonalData(t *testing.T) {
	f := loadVectors(t)
	hidden := 0
	for _, c := range f.Values {
		tpl := f.template(t, c.Template)
		for _, i := range tpl.Items {
			s, ok := c.Values[i.Key].(string)
			if !i.ClientHidden || !ok {
				continue
			}
			hidden++
			for _, lang := range []string{JA, EN} {
				if text, _ := ClientText(tpl, c.Values, lang); strings.Contains(text, s) && i.Key != "said" {
					t.Errorf("%s: %s is shown to the client", c.Name, i.Key)
				}
			}
		}
	}
	if hidden == 0 {
		t.Fatal("nothing was hidden")
	}
	for _, key := range []string{"address", "phone", "staff_no", "known_by", "companions", "written_place_detail"} {
		tpl, _ := Lookup(DisposalDeclaration, 1)
		if i, _ := tpl.Item(key); !i.ClientHidden {
			t.Errorf("%s is not hidden", key)
		}
	}
}

// Two different answers never have the same text, so the hash of the text
// stands for the answers. (The words for "not filled in" are the exception: who
// writes them has said the same. So has who leaves a tick out instead of
// sending false.)
func TestTextTellsValuesApart(t *testing.T) {
	f := loadVectors(t)
	tpl := f.template(t, "every_type.3")
	rapid.Check(t, func(r *rapid.T) {
		a, b := drawValues(r, tpl, "a"), drawValues(r, tpl, "b")
		for _, lang := range []string{JA, EN} {
			ta, err := Text(tpl, a, lang)
			if err != nil {
				r.Fatal(err)
			}
			again, _ := Text(tpl, a, lang)
			tb, _ := Text(tpl, b, lang)
			if ta != again {
				r.Fatal("not deterministic")
			}
			if (ta == tb) != (fmt.Sprint(a) == fmt.Sprint(b)) {
				r.Fatalf("%v\n%v\n%s", a, b, ta)
			}
			for s := range strings.SplitSeq(ta, "\n") {
				if strings.Contains(s, "\r") || (strings.HasPrefix(s, " ") && !strings.HasPrefix(s, indent)) {
					r.Fatalf("line %q", s)
				}
			}
		}
	})
}

// drawValues draws few values of each item, so that equal ones turn up too.
func drawValues(r *rapid.T, tpl Template, name string) map[string]any {
	values := map[string]any{}
	for _, i := range tpl.Items {
		if i.Valued() && (i.Required || rapid.IntRange(0, 3).Draw(r, name+i.Key) == 0) {
			values[i.Key] = drawValue(r, i, name+i.Key)
		}
	}
	if holds(&Condition{"pick", []string{"other"}}, values) {
		values["pick_detail"] = "x"
	}
	return values
}

func drawValue(r *rapid.T, i Item, name string) any {
	switch i.Type {
	case TypeText:
		return rapid.SampledFrom([]string{"髙", "高", "」", "A", "Ａ"}).Draw(r, name)
	case TypeParagraph:
		return rapid.SampledFrom([]string{"一", "一\n二", "一\n\n二", "」と述べた\n日：x", "一\n", "\n一"}).Draw(r, name)
	case TypeDate:
		return rapid.SampledFrom([]string{"2026-01-11", "2026-11-01"}).Draw(r, name)
	case TypeDateTime:
		return rapid.SampledFrom([]string{"2026-01-11T01:11", "2026-01-11T11:01"}).Draw(r, name)
	case TypeRange:
		m := map[string]any{"from": rapid.SampledFrom([]string{"2026-01-11", "2026-01-12"}).Draw(r, name)}
		if rapid.Bool().Draw(r, name+"to") {
			m["to"] = "2026-02-01"
		}
		if rapid.Bool().Draw(r, name+"about") {
			m["about"] = true
		}
		return m
	case TypeChoice:
		return rapid.SampledFrom(i.Options).Draw(r, name).Code
	case TypeCheck:
		return true
	case TypeConsent:
		return rapid.Bool().Draw(r, name)
	case TypePerson:
		m := map[string]any{"name": rapid.SampledFrom([]string{"辻", "辻\U000E0100", "\u795e", "\ufa19"}).Draw(r, name)}
		if i.Kana {
			m["kana"] = "つじ"
		}
		return m
	}
	var rows []any
	for n := range rapid.IntRange(1, int(i.MaxRows)).Draw(r, name) {
		row := map[string]any{}
		for _, c := range i.Columns {
			if c.Required || rapid.Bool().Draw(r, fmt.Sprint(name, n, c.Key)) {
				row[c.Key] = drawValue(r, c, fmt.Sprint(name, n, c.Key, "v"))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

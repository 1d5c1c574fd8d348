package history

import (
	"strings"

	"tachiai/sync/record"
)

// The stories of the vectors. Their records are K's badge, as domain.md tells it.

// teller numbers the steps of a story.
type teller struct {
	steps []told
	seq   map[int]int64
}

func (s *teller) add(note string, key record.KeyID, payload, content map[string]any) record.Hash {
	n := len(s.steps)
	payload["v"], payload["id"], payload["app"] = 1, id(n+1), "0.1.0"
	h := hash(n + 1)
	received := later
	if key.IsZero() {
		received = payload["at"].(int64) // the server writes it and has it
	}
	s.steps = append(s.steps, told{
		Note: note, Hash: h, Key: key, Payload: payload, SD: len(content), Fields: content, Index: int64(n), ReceivedAt: received,
	})
	return h
}

func (s *teller) last() *told { return &s.steps[len(s.steps)-1] }

func (s *teller) office(note, kind string, at int64, content map[string]any) {
	payload := map[string]any{"kind": kind, "at": at, "actor": id(2000)}
	if kind != "member.changed" && kind != "template.published" && kind != "policy.published" && kind != "device.enrolled" &&
		kind != "device.revoked" && kind != "quarantine.rejected" && kind != "quarantine.released" && kind != "clock.anchored" {
		payload["case"] = id(1)
	}
	s.add(note, record.KeyID{}, payload, content)
}

func (s *teller) phone(note, kind string, device int, visit record.ID, at int64, content map[string]any) record.Hash {
	if s.seq == nil {
		s.seq = map[int]int64{}
	}
	s.seq[device]++
	payload := map[string]any{
		"kind": kind, "at": at, "actor": id(1000 + device), "case": id(1), "seq": s.seq[device], "prev": hash(int(s.seq[device])),
		"tz": "Asia/Tokyo", "boot": "AAAAAAAAAAAAAAAAAAAAAA", "mono": 5, "policy": "1", "blobs": []any{},
		"clock": map[string]any{"offset_ms": 0, "age_ms": 1000},
	}
	if !visit.IsZero() {
		payload["visit"] = visit
	}
	return s.add(note, kid(device), payload, content)
}

// erase takes the fields of the last step away.
func (s *teller) erase() { s.last().Fields = map[string]any{} }

func (s *teller) repeat(i int, note string) {
	again := s.steps[i]
	again.Note = note
	s.steps = append(s.steps, again)
}

func (s *teller) open() {
	s.office("受付", "case.opened", base-72*60*minute, map[string]any{
		"number": "2026-0142", "worker_name": "髙橋 𠮷男", "worker_kana": "たかはし よしお", "client": "株式会社T ホールディングス 情報システム統括本部",
		"item": "入館証", "item_printed_no": "A-0917", "due_on": "2026-11-15", "address_point": map[string]any{"lat": 356812345, "lng": 1397671234},
	})
	s.office("担当", "case.assigned", base-71*60*minute, map[string]any{"members": []any{id(1001), id(1002)}})
}

func stories() []story {
	var list []story
	tell := func(name string, f func(*teller)) {
		s := &teller{}
		f(s)
		list = append(list, story{name, s.steps})
	}
	first, second := id(11), id(12)

	tell("K's badge, from opening to closing", func(s *teller) {
		s.open()
		s.phone("電話", "contact.logged", 1, record.ID{}, base-48*60*minute, map[string]any{"channel": "phone", "result": "no_answer"})
		start := s.phone("初回訪問", "visit.started", 1, first, base, map[string]any{"place": "doorstep", "planned_end": base + 30*minute})
		s.phone("不在", "visit.ended", 1, first, base+8*minute, map[string]any{"outcome": "absent", "records": []any{start}})
		start = s.phone("再訪", "visit.started", 1, second, base+24*60*minute, map[string]any{"place": "doorstep"})
		place := s.phone("飲食店へ", "place.changed", 1, second, base+24*60*minute+20*minute, map[string]any{"place": "restaurant", "planned_end": base + 26*60*minute})
		signed := s.phone("廃棄申告書", "declaration.signed", 1, second, base+25*60*minute, map[string]any{"presentation": map[string]any{"method": "H"}})
		s.phone("終了", "visit.ended", 1, second, base+25*60*minute+minute, map[string]any{"outcome": "discarded_claimed", "records": []any{start, place, signed}})
		s.office("審査へ", "case.changed", later+1, map[string]any{"to": "review", "due_on": "2026-11-30"})
		s.office("差戻し、理由は端末に届く", "review.decided", later+2, map[string]any{"decision": "returned", "reason": "切断片の写真がありません。\x00" + strings.Repeat("撮り直してください。", 140)})
		s.last().Payload["visit"] = second
		s.office("承認", "review.decided", later+2, map[string]any{"decision": "approved"})
		s.last().Payload["visit"] = second
		disclosure := id(77)
		s.office("提供の準備", "disclosure.prepared", later+3, map[string]any{
			"disclosure": disclosure, "documents": []any{hash(500)}, "expires_at": later + 14*24*60*minute, "sessions": 10,
			"recipient": map[string]any{"name": "O部長", "organisation": "株式会社T ホールディングス"},
		})
		s.office("自分では承認できない", "disclosure.approved", later+4, map[string]any{"disclosures": []any{disclosure}, "decision": "approved"})
		s.office("承認者が承認", "disclosure.approved", later+5, map[string]any{"disclosures": []any{disclosure}, "decision": "approved"})
		s.last().Payload["actor"] = id(2001)
		s.office("閲覧", "disclosure.opened", later+6, map[string]any{"disclosure": disclosure, "session": "s1"})
		s.office("受領確認", "disclosure.acknowledged", later+7, map[string]any{"disclosure": disclosure, "name": "O"})
		s.office("完了", "case.changed", later+8, map[string]any{"to": "closed", "reason": "解決"})
		s.phone("完了の後に届いた電話の記録", "contact.logged", 2, record.ID{}, base-50*60*minute, map[string]any{"channel": "sms", "result": "sent"})
		s.last().Flags = []record.Flag{"case_closed", "late"}
	})

	tell("the end before the start, with a gap", func(s *teller) {
		s.open()
		s.phone("終了が先に届く", "visit.ended", 1, first, base+9*minute, map[string]any{"outcome": "returned", "records": []any{hash(4), hash(5)}})
		s.last().Payload["seq"], s.last().Flags = 4, []record.Flag{"gap"}
		s.phone("開始", "visit.started", 1, first, base, map[string]any{"place": "office"})
		s.last().Payload["seq"] = 1
		s.phone("欠けていたもの", "note.written", 1, first, base+minute, map[string]any{"note": "x"})
		s.last().Payload["seq"] = 2
		s.phone("一覧にないもの", "note.written", 1, first, base+2*minute, map[string]any{"note": "y"})
		s.last().Payload["seq"] = 3
	})

	tell("what cannot be understood is listed and moves nothing", func(s *teller) {
		s.phone("誰も開いていない案件", "visit.started", 1, first, base, map[string]any{"place": "doorstep\x00"})
		s.last().Flags = []record.Flag{"unknown_case"}
		s.phone("未来の種類", "visit.paused", 1, first, base+1, map[string]any{"x": 1})
		s.last().Flags = []record.Flag{"unknown_kind"}
		s.phone("端末が書いた事務所の記録", "case.changed", 1, record.ID{}, base+2, map[string]any{"to": "closed"})
		s.last().Flags = []record.Flag{"unknown_kind"}
		s.phone("知らない版", "visit.ended", 1, first, base+3, map[string]any{"outcome": "returned"})
		s.last().Payload["v"], s.last().Flags = 2, []record.Flag{"unknown_version"}
		s.phone("一覧が配列でない", "visit.ended", 1, first, base+4, map[string]any{"outcome": []any{}, "records": "all"})
		s.last().Flags = []record.Flag{"schema"}
		s.phone("内容は消去済み", "contact.logged", 1, record.ID{}, base+5, map[string]any{"channel": "phone", "result": "reached"})
		s.erase()
	})

	tell("clocks", func(s *teller) {
		s.open()
		s.phone("一年進んだ時計", "visit.started", 1, first, base+365*24*60*minute, map[string]any{"place": "doorstep"})
		s.last().Payload["clock"], s.last().Flags = nil, []record.Flag{"clock"}
		s.phone("一年遅れた時計、補正あり", "visit.started", 2, second, base-365*24*60*minute, map[string]any{"place": "doorstep"})
		s.last().Payload["clock"] = map[string]any{"offset_ms": 365 * 24 * 60 * minute, "age_ms": 1}
		s.phone("訪問中に戻された時計", "visit.ended", 2, second, base-365*24*60*minute-60*minute, map[string]any{"outcome": "lost_claimed", "records": []any{hash(4)}})
		s.last().Payload["clock"] = map[string]any{"offset_ms": 365 * 24 * 60 * minute, "age_ms": 1}
		s.office("事務所の時計が戻っても台帳の順", "case.changed", later+10, map[string]any{"to": "review"})
		s.office("", "case.changed", later+5, map[string]any{"to": "closed"})
	})

	tell("corrections, a second push with more fields, a later flag", func(s *teller) {
		s.open()
		ended := s.phone("退去", "visit.ended", 1, first, base, map[string]any{"outcome": "absent", "records": []any{}})
		full := s.last().Fields
		s.erase()
		s.phone("本人の訂正", "record.amended", 1, first, base+minute, map[string]any{"outcome": "asked_to_leave", "reason": "押し間違い"})
		s.last().Payload["amends"] = ended
		s.phone("他人の訂正は効かない", "record.amended", 2, first, base+2*minute, map[string]any{"outcome": "returned"})
		s.last().Payload["amends"] = ended
		s.repeat(2, "同じ記録が内容と共に届く")
		s.last().Fields = full
		s.repeat(5, "後から分岐が見つかる")
		s.last().Flags = []record.Flag{"fork"}
		s.office("旗の説明", "flag.answered", later, map[string]any{"record": ended, "flag": "fork", "answer": "端末の復元による"})
		s.last().Payload["visit"], s.last().Index = first, 7
		s.repeat(7, "もう一度")
	})

	tell("parts of a photo are hidden", func(s *teller) {
		s.open()
		s.phone("写真", "photo.captured", 1, first, base, map[string]any{"source": "camera"})
		photo := s.phone("もう一枚", "photo.captured", 1, first, base+1, map[string]any{"source": "camera"})
		s.office("事務所の写し", "photo.redacted", later, map[string]any{"record": photo, "original": "p1"})
		s.last().Payload["visit"] = first
		s.phone("一部を隠す", "photo.redacted", 1, first, base+minute, map[string]any{"record": photo, "original": "p1"})
		s.phone("隠し直す", "photo.redacted", 1, first, base+2*minute, map[string]any{"record": photo, "original": "p1"})
		s.phone("何の写真かが壊れている", "photo.redacted", 1, first, base+3*minute, map[string]any{"record": "x", "original": "p1"})
		s.last().Flags = []record.Flag{"schema"}
		s.phone("内容は消去済み", "photo.redacted", 1, first, base+4*minute, map[string]any{"record": photo, "original": "p1"})
		s.erase()
	})

	tell("voided and merged", func(s *teller) {
		s.open()
		s.office("統合", "case.voided", base, map[string]any{"reason": "二重登録", "merged_into": id(2)})
		s.office("同意の撤回", "consent.withdrawn", base+1, map[string]any{"scope": []any{"disclosure"}})
	})

	tell("members, devices, templates, policies, quarantine", func(s *teller) {
		s.office("", "member.changed", base, map[string]any{"member": id(1001), "name": "辻󠄀 一郎", "roles": []any{"rep"}, "active": true})
		s.office("", "device.enrolled", base+1, map[string]any{"kid": kid(1), "member": id(1001), "label": "社用1", "jwk": map[string]any{"kty": "EC"}})
		s.office("", "template.published", base+2, map[string]any{"template": "discard", "version": 1, "body": map[string]any{"title": "廃棄申告書"}})
		s.office("同じ版は変わらない", "template.published", base+3, map[string]any{"template": "discard", "version": 1, "body": map[string]any{"title": "改"}})
		s.office("", "policy.published", base+4, map[string]any{"version": "2026-11", "body": map[string]any{}})
		sum := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
		s.office("", "quarantine.rejected", base+5, map[string]any{"sha256": sum, "reason": "署名なし"})
		s.office("", "quarantine.released", base+6, map[string]any{"sha256": sum, "hash": hash(600)})
		s.office("", "quarantine.rejected", base+7, map[string]any{"sha256": sum, "reason": "もう台帳にある"})
		s.office("", "device.revoked", base+8, map[string]any{"kid": kid(1), "reason": "紛失"})
		s.office("退職", "member.changed", base+9, map[string]any{"member": id(1001), "name": "辻󠄀 一郎", "roles": []any{}, "active": false})
		s.office("何も動かさない", "clock.anchored", base+10, map[string]any{"size": 11})
	})

	tell("the signer's own copy", func(s *teller) {
		s.open()
		sum := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
		s.phone("署名", "declaration.signed", 1, id(10), base+minute, map[string]any{"copy_sha256": sum, "presentation": map[string]any{"method": "H"}})
		s.repeat(1, "もう一度届いても一つ")
		s.phone("同じ秘密がもう一度、先の時刻で", "item.received", 2, id(10), base, map[string]any{"copy_sha256": sum, "item": "入館証"})
		s.phone("秘密ではない", "declaration.declined", 1, id(10), base+2*minute, map[string]any{"copy_sha256": "9F86", "reason": "署名しない"})
		s.office("事務局の記録にはない", "case.changed", base+3*minute, map[string]any{"copy_sha256": sum})
	})
	return list
}

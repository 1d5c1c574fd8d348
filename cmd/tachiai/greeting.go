package main

import (
	"fmt"
	"net/url"
	"strings"

	"tachiai/pwa"
	"tachiai/sync/record"
)

// greeting is what serve prints once it answers.
type greeting struct {
	public string
	house  *house
	guests []guest
	red    []string
}

func (g greeting) text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("")
	line("  立会 Tachiai %s", versionText())
	line("  起動しました / running:        %s", g.public)
	line("  データ / data:                 %s", g.house.config.DataDir)
	line("  ルート鍵の指紋 / root key:     %s", g.house.keys.Fingerprint())
	if !pwa.Built() {
		line("")
		line("  画面が組み込まれていません。make build で作り直してください。/ The screens are not built in: run make build.")
	}
	if g.house.created {
		line("  鍵を新しく作りました。安全な場所に写しを保管してください。/ New keys were made; keep a copy in a safe place:")
		line("    %s", g.house.config.KeysDir)
	}
	if len(g.red) > 0 {
		line("")
		line("  台帳の検査で異常が見つかりました。閲覧のみ可能です。/ The ledger is RED: reads only.")
		for _, reason := range g.red {
			line("    - %s", reason)
		}
	}
	if len(g.guests) > 0 {
		line("")
		line("  はじめに: 一度きりのリンク(10分間有効)/ To begin: one-time links, good for 10 minutes")
		for _, guest := range g.guests {
			line("    %-8s %s", guest.role, guest.name)
			line("             %s", guest.link)
		}
	}
	line("")
	line("  新しいリンク / a new link:     tachiai invite --name 山田太郎 --role rep")
	if u, err := url.Parse(g.public); err == nil && u.Scheme != "https" {
		line("  実機にはHTTPSが必要です: PUBLIC_URL と TLS_CERT・TLS_KEY(または ACME_DOMAIN)を設定してください。")
		line("  A real phone needs HTTPS: set PUBLIC_URL with TLS_CERT and TLS_KEY, or ACME_DOMAIN.")
	}
	for _, caution := range g.house.config.Cautions() {
		line("  注意 / caution: %s", caution)
	}
	line("  止めるには Ctrl-C / Ctrl-C stops it")
	line("")
	return b.String()
}

// roleNames lists the roles for a manual.
func roleNames() string {
	names := make([]string, len(record.Roles))
	for i, role := range record.Roles {
		names[i] = role.Code
	}
	return strings.Join(names, ", ")
}

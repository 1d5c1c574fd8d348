package server

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// page is one of the few pages that the server writes itself. It loads nothing: no script, font or picture, from here or elsewhere.
type page struct {
	Title             string
	Japanese, English pageText
	Links             []pageLink
	Version           string
	Style             template.CSS
}

type pageText struct {
	Heading string
	Text    []string
}

type pageLink struct{ Path, Text string }

var frontPage = page{
	Title: "立会 Tachiai",
	Japanese: pageText{"記録サーバーが動いています", []string{
		"訪問回収の記録を、端末で封印し、受信を証明し、改ざんできない台帳に積み上げるサーバーです。",
		"端末の登録には、管理者が発行する一度きりのコード(QR)を使います。この画面に操作はありません。",
	}},
	English: pageText{"The record server is running", []string{
		"It takes the sealed records of field visits, signs a receipt for each, and keeps them in an append-only ledger.",
		"A phone joins with a one-time code from an administrator. There is nothing to do on this page.",
	}},
	Links: []pageLink{
		{"/checkpoint", "台帳のチェックポイント / the ledger's signed checkpoint"},
		{"/keys", "鍵一覧(ルート鍵の署名付き) / the key set, signed by the root key"},
		{"/readyz", "稼働状態 / readiness"},
	},
}

// enrolPage answers the link in a printed or shown enrolment code. The code stands behind the #, so it never reaches the server here.
var enrolPage = page{
	Title: "端末の登録 — 立会 Tachiai",
	Japanese: pageText{"端末の登録", []string{
		"この端末を立会に登録するためのリンクです。コードは10分間、一度だけ使えます。",
		"登録用アプリの画面はこのサーバーにまだ置かれていません。コードはアプリまたは tachiai コマンドで使ってください。",
	}},
	English: pageText{"Join with this phone", []string{
		"This link registers a phone. Its code works once, within ten minutes.",
		"The app's screens are not installed on this server yet. Use the code in the app or with the tachiai command.",
	}},
}

// officePage answers the links to the back office.
var officePage = page{
	Title: "事務局 — 立会 Tachiai",
	Japanese: pageText{"事務局の入口", []string{
		"事務局の画面はこのサーバーにまだ置かれていません。リンクは一度きりで、このページを開いても使われません。",
	}},
	English: pageText{"The back office", []string{
		"The office's screens are not installed on this server yet. The link works once, and opening this page does not use it up.",
	}},
}

// servePage renders p once and answers every request with it.
func servePage(p page, version string) echo.HandlerFunc {
	p.Version, p.Style = version, template.CSS(pageCSS) //nolint:gosec // our own style sheet, from this directory
	var html bytes.Buffer
	if err := template.Must(template.New("page").Parse(pageHTML)).Execute(&html, p); err != nil {
		panic(err) // the template and the texts are compiled in
	}
	sum := sha256.Sum256([]byte(pageCSS))
	csp := fmt.Sprintf(pageCSP, base64.StdEncoding.EncodeToString(sum[:]))
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, csp)
		return c.HTMLBlob(http.StatusOK, html.Bytes())
	}
}

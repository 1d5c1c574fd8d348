package server

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

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
		"端末の登録には、管理者が発行する一度きりのコード(QR)を使います。",
	}},
	English: pageText{"The record server is running", []string{
		"It takes the sealed records of field visits, signs a receipt for each, and keeps them in an append-only ledger.",
		"A phone joins with a one-time code from an administrator.",
	}},
	Links: []pageLink{
		{"/field/", "訪問記録アプリ(端末用) / the app for phones"},
		{"/office/", "事務局 / the back office"},
		{"/checkpoint", "台帳のチェックポイント / the ledger's signed checkpoint"},
		{"/keys", "鍵一覧(ルート鍵の署名付き) / the key set, signed by the root key"},
		{"/readyz", "稼働状態 / readiness"},
	},
}

// unbuiltPage stands in for the screens in a program that was compiled without them.
var unbuiltPage = page{
	Title: "画面がありません — 立会 Tachiai",
	Japanese: pageText{"画面が組み込まれていません", []string{
		"このプログラムは画面なしで作られました。管理者の方は make build で作り直してください。記録の受け付けは動いています。",
		"リンクは、このページを開いても使われません。",
	}},
	English: pageText{"The screens are not built in", []string{
		"This program was compiled without its screens; run make build. Records are taken all the same.",
		"Opening this page does not use a link up.",
	}},
}

// servePage renders p once and answers every request with it, under one status.
func servePage(p page, status int, version string) echo.HandlerFunc {
	p.Version, p.Style = version, template.CSS(pageCSS) //nolint:gosec // our own style sheet, from this directory
	var html bytes.Buffer
	if err := template.Must(template.New("page").Parse(pageHTML)).Execute(&html, p); err != nil {
		panic(err) // the template and the texts are compiled in
	}
	sum := sha256.Sum256([]byte(pageCSS))
	csp := fmt.Sprintf(pageCSP, base64.StdEncoding.EncodeToString(sum[:]))
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, csp)
		return c.HTMLBlob(status, html.Bytes())
	}
}

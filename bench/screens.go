package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// What the screens are measured with. A link can be opened twenty times.
const (
	screenCases  = 500
	screenSaves  = 40
	screenPhotos = 9
	screenColds  = 7
	screenLinks  = 9
	screenFlings = 3
)

// screens measures what people wait for in a browser, and what it has to fetch. The pages' own clocks tell the times (pwa/browser/bench.mjs).
func screens(ctx context.Context, b *bench) (err error) {
	chromium, err := browser()
	if err != nil {
		return err
	}
	s, err := b.open(ctx, "screens")
	if err != nil {
		return err
	}
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, s.close())
		}
	}()
	if err := s.entries(ctx, b); err != nil {
		return err
	}
	if err := papers(b); err != nil {
		return err
	}
	b.settings = map[string]any{"site": s.public, "chromium": chromium, "profile": filepath.Join(b.dir, "phone")}
	if err := s.letters(ctx, b); err != nil {
		return err
	}
	first, err := s.enrolled(ctx, b, screenCases)
	if err != nil {
		return err
	}
	if err := b.saves(ctx, first); err != nil {
		return err
	}
	if err := b.photos(ctx, first); err != nil {
		return err
	}
	stopped = true // the phone goes on without it
	if err := s.close(); err != nil {
		return err
	}
	if err := b.colds(ctx); err != nil {
		return err
	}
	if err := b.outbox(ctx); err != nil {
		return err
	}
	return lines(ctx, b, chromium)
}

// letters plays the demo on the site, and opens its link.
func (s *site) letters(ctx context.Context, b *bench) error {
	link, passcode, err := s.demo(ctx, b)
	if err != nil {
		return err
	}
	var took struct{ Letter, Verified, Slowly []float64 }
	if err := b.act(ctx, "link", map[string]any{"link": link, "passcode": passcode, "samples": screenLinks}, &took); err != nil {
		return err
	}
	b.table.add(row{figure: "a link: from the passcode to the letter, verified", measured: median(took.Letter), unit: "ms", most: 1000})
	b.table.add(row{
		figure: "a link: verification alone, processor slowed 4 ×", measured: median(took.Slowly), unit: "ms",
		peer: "the same, not slowed", limit: median(took.Verified), most: 300,
	})
	return nil
}

// saves times the notes that a phone keeps.
func (b *bench) saves(ctx context.Context, cause string) error {
	var took struct{ Durable, Said, Bare []float64 }
	if err := b.act(ctx, "save", map[string]any{"case": cause, "samples": screenSaves}, &took); err != nil {
		return err
	}
	const bare = "one bare write of 2 KiB to IndexedDB, strict"
	b.table.add(row{
		figure: "slowed 4 ×: from the tap until a note is sealed and on the disk", measured: median(took.Durable), unit: "ms",
		peer: bare, limit: median(took.Bare), most: 60,
	})
	b.table.add(row{
		figure: "slowed 4 ×: from the tap to the case's page, which says 保存済み", measured: median(took.Said), unit: "ms",
		peer: bare, limit: median(took.Bare),
	})
	return nil
}

// photos times what happens between the camera and the seal.
func (b *bench) photos(ctx context.Context, cause string) error {
	file := filepath.Join(b.dir, "scene.jpg")
	if err := scene(file); err != nil {
		return err
	}
	var took struct {
		Kept  []float64
		Bytes float64
	}
	if err := b.act(ctx, "photo", map[string]any{"case": cause, "photo": file, "samples": screenPhotos}, &took); err != nil {
		return err
	}
	b.table.add(row{
		figure: fmt.Sprintf("a photo of 12 MP, %.1f MB: from the camera to sealed, with its preview", took.Bytes/1e6), measured: median(took.Kept), unit: "ms", most: 800,
	})
	return nil
}

// colds starts the phone without a server.
func (b *bench) colds(ctx context.Context) error {
	var took struct{ Locked, Unlocked, Both []float64 }
	if err := b.act(ctx, "cold", map[string]any{"samples": screenColds}, &took); err != nil {
		return err
	}
	b.table.add(row{figure: "slowed 4 ×, server dead: from the icon to the lock", measured: median(took.Locked), unit: "ms"})
	b.table.add(row{figure: fmt.Sprintf("slowed 4 ×, server dead: from the PIN to the list of %d cases", screenCases), measured: median(took.Unlocked), unit: "ms"})
	b.table.add(row{figure: "slowed 4 ×, server dead: both", measured: median(took.Both), unit: "ms", most: 1200})
	return nil
}

// outbox lets a week without a network pile up, and scrolls through it.
func (b *bench) outbox(ctx context.Context) error {
	var took struct {
		Longest       []float64
		Heap, Private float64
	}
	err := b.act(ctx, "outbox", map[string]any{
		"visits": 20, "records": 25, "samples": screenFlings, "photos": map[string]any{"count": 10, "size": 200_000, "preview": 40_000},
	}, &took)
	if err != nil {
		return err
	}
	b.table.add(row{figure: "slowed 4 ×, 500 records and 200 photos unsent: longest task while scrolling", measured: median(took.Longest), unit: "ms", most: 50})
	b.table.add(row{figure: "500 records and 200 photos unsent: memory of the page's process", measured: took.Private, unit: "MB", most: 150})
	b.table.add(row{figure: "500 records and 200 photos unsent: memory of its scripts", measured: took.Heap, unit: "MB"})
	return nil
}

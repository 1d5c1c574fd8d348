package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
)

var entryScript = regexp.MustCompile(`(?:src|href)="(/assets/[^"]+\.js)"`)

// entries weighs what each page loads before it shows anything.
func (s *site) entries(ctx context.Context, b *bench) error {
	for _, e := range []struct {
		realm, path string
		most        float64
	}{{"field", "/field/", 70}, {"office", "/office/", 0}, {"client", "/d/a", 40}} {
		size, err := s.entry(ctx, e.path)
		if err != nil {
			return err
		}
		b.table.add(row{figure: e.realm + " entry: JavaScript, gzip", measured: size / 1024, unit: "KiB", most: e.most})
	}
	return nil
}

// entry is how many bytes of JavaScript a page loads before it shows anything, as a browser that knows gzip gets them.
func (s *site) entry(ctx context.Context, path string) (float64, error) {
	page, err := s.get(ctx, path, "identity")
	if err != nil {
		return 0, err
	}
	total := 0
	for _, found := range entryScript.FindAllSubmatch(page, -1) {
		packed, err := s.get(ctx, string(found[1]), "gzip")
		if err != nil {
			return 0, err
		}
		total += len(packed)
	}
	if total == 0 {
		return 0, fmt.Errorf("%s loads no script: are the screens built?", path)
	}
	return float64(total), nil
}

func (s *site) get(ctx context.Context, path, encoding string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", encoding)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}

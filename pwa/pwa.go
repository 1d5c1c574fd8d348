// Package pwa holds what the build of the screens leaves: the three pages, their scripts, styles and pictures, and the service worker, each with its
// compressed forms beside it. Before the first build (make build) there is only a placeholder, and Built says so.
package pwa

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the built screens: field.html, office.html, client.html, assets/… and field/…, as paths. Where they are not built, none of them is there.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the directory is compiled in
	}
	return files
}

// Built reports whether the screens were built before the program was compiled.
func Built() bool {
	_, err := fs.Stat(Files(), "field.html")
	return err == nil
}

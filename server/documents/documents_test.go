package documents_test

import (
	"os"
	"path/filepath"
	"testing"

	"tachiai/server/documents"
)

// declared makes a document and keeps it where -artifacts says, to be looked at.
func declared(t testing.TB, in documents.Input) string {
	t.Helper()
	file, err := documents.Declaration(in)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.ArtifactDir(), "declaration.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFullEdition(t *testing.T) {
	in := disposed(t).input(t, documents.Full)
	in.Photos = []documents.Photo{{JPEG: photo(t, 1280, 960), Caption: "切断された入館証(表)", Original: "4f0d5b1c0f6d4e1a9b7c3d2e1f00aa55cc77ee99bb33dd11ff22004466881357"}}
	declared(t, in)
}

func TestClientEdition(t *testing.T) {
	declared(t, disposed(t).input(t, documents.Client))
}

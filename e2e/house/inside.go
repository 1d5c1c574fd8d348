package house

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/seal"
)

// Open looks into the running house beside its server.
func (h *House) Open() error {
	ctx := context.Background() // what is opened lives until the server dies
	var there struct {
		DatabaseURL, MigrateURL string
		Store                   objects.Config
	}
	text, err := os.ReadFile(filepath.Join(h.Dir, "serving.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &there); err != nil {
		return err
	}
	if h.Keys, err = keys.Load(filepath.Join(h.Dir, "keys")); err != nil {
		return err
	}
	receipt, err := seal.Thumbprint(h.Keys.Receipt.Public())
	if err != nil {
		return err
	}
	h.close()
	h.DB, err = postgres.Open(ctx, postgres.Config{
		URL: there.DatabaseURL, Origin: "never/used", ReceiptKeyID: receipt, Office: h.Keys.Office, MaxConns: 2,
	})
	if err != nil {
		return err
	}
	h.Owner = there.MigrateURL
	h.Objects, err = objects.Open(ctx, there.Store)
	return err
}

func (h *House) close() {
	if h.DB != nil {
		h.DB.Close()
		h.DB = nil
	}
}

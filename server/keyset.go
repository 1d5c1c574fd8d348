package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/sync/seal"
)

// keySet is the root-signed key set, made once for each origin that the ledger has had (docs/protocol.md section 4.2).
type keySet struct {
	mu     sync.Mutex
	issued time.Time
	origin string
	token  string
}

// keySetToken gives the keys+jwt of now. It also holds the root key itself, under seal.UseRoot: whoever has its fingerprint finds it there.
func (s *Server) keySetToken(ctx context.Context) (string, error) {
	standing, err := s.config.DB.Standing(ctx, s.config.Now())
	if err != nil {
		return "", err
	}
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	if s.set.token != "" && s.set.origin == standing.Origin {
		return s.set.token, nil
	}
	origins, err := s.config.DB.Origins(ctx)
	if err != nil {
		return "", err
	}
	set := seal.KeySet{
		Version: int64(len(origins)), Origin: standing.Origin, Origins: origins,
		IssuedAt: s.set.issued.UnixMilli(), Rescue: s.config.Keys.RescueRecipient(),
	}
	for _, k := range s.config.Keys.Public() {
		if k.Use == "pdf" {
			continue // sealed documents carry their certificate themselves
		}
		set.Keys = append(set.Keys, seal.Key{Use: seal.Use(k.Use), KeyID: k.KeyID, Public: k.Key})
	}
	token, err := seal.SignKeySet(set, s.config.Keys.Root)
	if err != nil {
		return "", err
	}
	s.set.origin, s.set.token = standing.Origin, token
	return token, nil
}

// keys answers with the key set.
func (s *Server) keys(c echo.Context) error {
	token, err := s.keySetToken(c.Request().Context())
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/jwt", []byte(token))
}

package office

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/record"
)

// How many quarantined texts are listed: those that wait, and those that were decided last; and how much of one is shown, in bytes.
const (
	listedWaiting, listedDecided = 200, 50
	shownText                    = 64 << 10
)

type quarantined struct {
	SHA256     string       `json:"sha256"`
	Size       int64        `json:"size"`
	Code       string       `json:"code"`
	KeyID      record.KeyID `json:"kid,omitzero"`
	Pusher     record.KeyID `json:"pusher,omitzero"`
	Member     record.ID    `json:"member,omitzero"`
	ReceivedAt int64        `json:"received_at"`
	Decision   string       `json:"decision,omitempty"`
	DecidedAt  int64        `json:"decided_at,omitempty"`
	Text       *string      `json:"text,omitempty"`
}

func quarantinedOf(q postgres.QuarantineItem) quarantined {
	item := quarantined{
		SHA256: q.SHA256.String(), Size: q.Size, Code: q.Code, KeyID: q.KeyID, Pusher: q.Pusher, Member: q.Member,
		ReceivedAt: q.ReceivedAt.UnixMilli(), Decision: q.Decision,
	}
	if q.Decision != "" {
		item.DecidedAt = q.DecidedAt.UnixMilli()
	}
	return item
}

// quarantines lists what waits for a decision, oldest first, then what was decided last.
func (a *API) quarantines(c echo.Context) error {
	ctx := c.Request().Context()
	waiting, err := a.DB.QuarantineList(ctx, listedWaiting)
	if err != nil {
		return err
	}
	decided, err := a.DB.QuarantineDecided(ctx, listedDecided)
	if err != nil {
		return err
	}
	answer := struct {
		Items []quarantined `json:"items"`
	}{make([]quarantined, 0, len(waiting)+len(decided))}
	for _, q := range append(waiting, decided...) {
		answer.Items = append(answer.Items, quarantinedOf(q))
	}
	return c.JSON(http.StatusOK, answer)
}

// pathDigest reads the SHA-256 of a text or a blob out of the path.
func pathDigest(c echo.Context, name string) (postgres.Digest, error) {
	digest, err := postgres.ParseDigest(c.Param(name))
	if err != nil {
		return digest, problem.Wrap(problem.NotFound, err)
	}
	return digest, nil
}

// quarantine shows one text as far as it is a text: what is no UTF-8 in it is replaced.
func (a *API) quarantine(c echo.Context) error {
	digest, err := pathDigest(c, "sha256")
	if err != nil {
		return err
	}
	q, err := a.DB.Quarantine(c.Request().Context(), digest)
	if err != nil {
		return err
	}
	item := quarantinedOf(q)
	text := strings.ToValidUTF8(string(q.Text[:min(len(q.Text), shownText)]), "\ufffd")
	item.Text = &text
	return c.JSON(http.StatusOK, item)
}

// release takes the record in a text into the ledger, flagged. Who pushed it hears of it by the feed.
func (a *API) release(c echo.Context) error {
	digest, err := pathDigest(c, "sha256")
	if err != nil {
		return err
	}
	b, err := read(c, "reason")
	if err != nil {
		return err
	}
	reason, _ := b.OptString("reason")
	if err := b.err(); err != nil {
		return err
	}
	became, err := a.DB.ReleaseQuarantine(c.Request().Context(), digest, strings.TrimSpace(reason), caller(c).Member, a.Now())
	if err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return c.JSON(http.StatusOK, struct {
		Hash  record.Hash `json:"hash"`
		Index int64       `json:"index"`
	}{became.Record.Hash, became.Index})
}

// reject says that a text is no evidence. Who pushed it hears of it by the feed and may let go of it.
func (a *API) reject(c echo.Context) error {
	digest, err := pathDigest(c, "sha256")
	if err != nil {
		return err
	}
	b, err := read(c, "reason")
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(b.String("reason"))
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.RejectQuarantine(c.Request().Context(), digest, reason, caller(c).Member, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}

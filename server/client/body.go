package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/problem"
	"tachiai/sync/ijson"
)

// maxBody bounds a request's body, in bytes: a link of 8 KiB, a question of 4,000 characters.
const maxBody = 32 << 10

// read reads the members of a request's body: one strict JSON object whose members are the names, each a text.
func read(c echo.Context, names ...string) (map[string]string, error) {
	r := c.Request()
	media, params, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || media != echo.MIMEApplicationJSON || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, problem.New(problem.UnsupportedMediaType)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(io.LimitReader(r.Body, maxBody+1)); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, problem.Wrap(problem.Timeout, err)
		}
		return nil, fmt.Errorf("client: read the body: %w", err)
	}
	value, err := ijson.Parse(text.Bytes(), ijson.Limits{Bytes: maxBody})
	if err != nil {
		return nil, err
	}
	var faults ijson.Faults
	o := value.Obj(&faults)
	o.Only(names...)
	texts := make(map[string]string, len(names))
	for _, name := range names {
		texts[name] = o.String(name)
	}
	return texts, faults.Err()
}

// filled refuses a member that is empty, or longer than it may be in a record.
func filled(texts map[string]string, name string, longest int) (string, error) {
	text := strings.TrimSpace(texts[name])
	if text == "" || len([]rune(text)) > longest {
		return "", problem.New(problem.BadRequest).At("/"+name, "value")
	}
	return text, nil
}

// digits makes of a passcode as somebody types it, in whatever width and with blanks between, what was told.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ', r == '\u3000', r == '-', r == '−', r == 'ー':
			return -1
		}
		return r
	}, typed)
}

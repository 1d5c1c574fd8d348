package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// house serves a few routes that fail, with the handler in place, over real HTTP.
func house(t *testing.T) (url string, log *bytes.Buffer) {
	t.Helper()
	log = &bytes.Buffer{}
	e := echo.New()
	e.HTTPErrorHandler = Handler(slog.New(slog.NewJSONHandler(log, nil)))
	e.Use(middleware.BodyLimit("1K"))
	e.Match([]string{"GET", "HEAD"}, "/gone", func(c echo.Context) error { return New(CursorGone) })
	e.GET("/leak", func(c echo.Context) error { return errors.New("password=hunter2") })
	e.GET("/busy", func(c echo.Context) error { return New(RateLimited) })
	e.PATCH("/upload", func(c echo.Context) error {
		c.Response().Header().Set("Upload-Offset", "17")
		return New(OffsetMismatch)
	})
	e.POST("/read", func(c echo.Context) error {
		_, err := io.ReadAll(c.Request().Body)
		return err
	})
	e.GET("/begun", func(c echo.Context) error {
		if err := c.String(http.StatusOK, "begun"); err != nil {
			return err
		}
		return errors.New("cut in the middle")
	})
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server.URL, log
}

func ask(t *testing.T, method, url, accept string, body io.Reader) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		request.Header.Set("Accept-Language", accept)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestHandlerWritesProblems(t *testing.T) {
	url, _ := house(t)
	long := strings.Repeat("x", 4096)
	for _, c := range []struct {
		name, method, path string
		body               io.Reader
		status             int
		code               Code
		header, value      string
	}{
		{"own code", "GET", "/gone", nil, 410, CursorGone, "", ""},
		{"unknown error", "GET", "/leak", nil, 500, Internal, "Retry-After", "5"},
		{"retry after", "GET", "/busy", nil, 429, RateLimited, "Retry-After", "5"},
		{"earlier headers are kept", "PATCH", "/upload", nil, 409, OffsetMismatch, "Upload-Offset", "17"},
		{"no route", "GET", "/nowhere", nil, 404, NotFound, "", ""},
		{"no method", "DELETE", "/read", nil, 405, MethodNotAllowed, "Allow", "OPTIONS, POST"},
		{"too large, announced", "POST", "/read", strings.NewReader(long), 413, BodyTooLarge, "", ""},
		{"too large, streamed", "POST", "/read", io.MultiReader(strings.NewReader(long)), 413, BodyTooLarge, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, body := ask(t, c.method, url+c.path, "", c.body)
			var p Problem
			if err := json.Unmarshal([]byte(body), &p); err != nil {
				t.Fatalf("%v in %q", err, body)
			}
			if answer.StatusCode != c.status || p.Status != c.status || p.Code != c.code {
				t.Errorf("status %d, document %+v", answer.StatusCode, p)
			}
			if p.Type != "urn:tachiai:problem:"+string(c.code) {
				t.Errorf("type %q", p.Type)
			}
			if got := answer.Header.Get("Content-Type"); got != ContentType {
				t.Errorf("content type %q", got)
			}
			if got := answer.Header.Get(c.header); c.header != "" && got != c.value {
				t.Errorf("%s: %q, want %q", c.header, got, c.value)
			}
			if strings.Contains(body, "hunter2") {
				t.Errorf("the answer leaks: %s", body)
			}
		})
	}
}

func TestHandlerLogsOwnFaultsOnly(t *testing.T) {
	url, log := house(t)
	ask(t, "GET", url+"/gone", "", nil)
	if log.Len() != 0 {
		t.Errorf("a client's fault was logged: %s", log)
	}
	ask(t, "GET", url+"/leak", "", nil)
	if got := log.String(); !strings.Contains(got, "hunter2") || !strings.Contains(got, `"route":"/leak"`) {
		t.Errorf("the cause is not in the log: %s", got)
	}
	log.Reset()
	answer, body := ask(t, "GET", url+"/begun", "", nil)
	if answer.StatusCode != 200 || body != "begun" {
		t.Errorf("the answer was written twice: %d %q", answer.StatusCode, body)
	}
	if got := log.String(); !strings.Contains(got, "cut in the middle") {
		t.Errorf("a failure after the first byte is not in the log: %q", got)
	}
}

func TestHandlerHead(t *testing.T) {
	url, _ := house(t)
	answer, body := ask(t, "HEAD", url+"/gone", "", nil)
	if answer.StatusCode != 410 || body != "" {
		t.Errorf("HEAD: %d %q", answer.StatusCode, body)
	}
}

func TestLanguage(t *testing.T) {
	url, _ := house(t)
	for _, c := range []struct {
		header string
		want   Language
	}{
		{"", Japanese},
		{"ja", Japanese},
		{"en", English},
		{"en-GB,en;q=0.9", English},
		{"EN-us", English},
		{"ja,en;q=0.8", Japanese},
		{"en;q=0.8,ja;q=0.9", Japanese},
		{"en;q=0.9,ja;q=0.8", English},
		{"en,ja", Japanese},
		{"fr,en;q=0.5", English},
		{"fr", Japanese},
		{"*", Japanese},
		{"en;q=0", Japanese},
		{"en;q=NaN", Japanese},
		{"en;q=9", Japanese},
		{";;,,;q=,=", Japanese},
		{strings.Repeat("x,", 1000) + "en", Japanese},
	} {
		answer, body := ask(t, "GET", url+"/gone", c.header, nil)
		want := Of(New(CursorGone)).In(c.want).Title
		if got := answer.Header.Get("Content-Language"); got != string(c.want) || !strings.Contains(body, want) {
			t.Errorf("%.40q: %s, %s", c.header, got, body)
		}
	}
}

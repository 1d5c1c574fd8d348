package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
)

// checkpoint gives the last published checkpoint, byte for byte as it was mirrored (docs/protocol.md section 6).
func (s *Server) checkpoint(c echo.Context) error {
	published, err := s.config.DB.LatestCheckpoint(c.Request().Context())
	if errors.Is(err, postgres.ErrNotFound) {
		return problem.New(problem.NotFound)
	}
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "text/plain; charset=utf-8", published.Note)
}

// inclusion proves that the leaf at an index is in the ledger of a size.
func (s *Server) inclusion(c echo.Context) error {
	index, size, err := twoCounts(c, "index", "size")
	if err != nil {
		return err
	}
	proof, err := s.config.DB.Inclusion(c.Request().Context(), index, size)
	if errors.Is(err, postgres.ErrRange) {
		return problem.Wrap(problem.BadRequest, err)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, proof)
}

// consistency proves that the ledger of a size begins with the ledger of a smaller one.
func (s *Server) consistency(c echo.Context) error {
	from, to, err := twoCounts(c, "from", "to")
	if err != nil {
		return err
	}
	proof, err := s.config.DB.Consistency(c.Request().Context(), from, to)
	if errors.Is(err, postgres.ErrRange) {
		return problem.Wrap(problem.BadRequest, err)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, proof)
}

// twoCounts reads two parameters of the query that must be integers from 0.
func twoCounts(c echo.Context, first, second string) (int64, int64, error) {
	var counts [2]int64
	for i, name := range []string{first, second} {
		text := c.QueryParam(name)
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
			return 0, 0, problem.New(problem.BadRequest).At("", name)
		}
		counts[i] = n
	}
	return counts[0], counts[1], nil
}

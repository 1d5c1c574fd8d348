package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this test binary under the name tachiai.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tachiai": main})
}

// TestScripts runs testdata/*.txtar: each shows one command the way its user
// sees it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", RequireExplicitExec: true})
}

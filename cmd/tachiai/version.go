package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

const versionManual = `Usage: tachiai version

Prints the version of this binary and of the Go it was built with.
`

// version is set by the Makefile from git describe.
var version string

func versionCommand(_ context.Context, p process, args []string) error {
	if len(args) != 0 {
		return errUsage
	}
	_, err := fmt.Fprintf(p.stdout, "tachiai %s (%s, %s/%s)\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// versionText is the stamped version, or what Go recorded of the checkout, or
// "development".
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return setting.Value[:12]
		}
	}
	return "development"
}

//go:build !linux

package embedded

import (
	"errors"
	"syscall"
)

func enterNamespace(*syscall.SysProcAttr) {}

func namespaceWorks() error { return errors.New("this system has no user namespaces") }

//go:build !linux

package story

import "syscall"

func withUs() *syscall.SysProcAttr { return nil }

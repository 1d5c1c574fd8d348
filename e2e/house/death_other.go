//go:build !linux

package house

import "syscall"

func withUs() *syscall.SysProcAttr { return nil }

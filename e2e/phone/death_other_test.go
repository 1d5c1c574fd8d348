//go:build !linux

package phone

import "syscall"

func withUs() *syscall.SysProcAttr { return nil }

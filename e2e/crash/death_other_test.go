//go:build !linux

package crash

import "syscall"

func withUs() *syscall.SysProcAttr { return nil }

package story

import "syscall"

// withUs makes a child die with the thread that starts it: a test run that is aborted leaves no server behind.
func withUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

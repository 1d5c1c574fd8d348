package house

import "syscall"

// withUs makes a child die with the thread that starts it.
func withUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

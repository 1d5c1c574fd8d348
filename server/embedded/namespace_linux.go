package embedded

import (
	"fmt"
	"os/exec"
	"syscall"
)

func enterNamespace(attr *syscall.SysProcAttr) {
	attr.Cloneflags |= syscall.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: namespaceID, HostID: 0, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: namespaceID, HostID: 0, Size: 1}}
}

// namespaceWorks tries one out: containers often forbid them.
func namespaceWorks() error {
	cmd := exec.Command("true")
	identity{namespace: true}.apply(cmd)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("user namespaces do not work here (%w)", err)
	}
	return nil
}

package embedded

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// identity is who runs Postgres. Postgres refuses to run as root, so root
// either hands it to an unprivileged user or, where that user cannot reach the
// files, runs it in a user namespace in which root's own files belong to an
// ordinary user. The zero value is "as we are".
type identity struct {
	uid, gid  int  // != 0: drop to this user
	namespace bool // run in a user namespace instead
}

// namespaceID is the user id that root has inside the namespace; any but 0.
const namespaceID = 1000

// chooseIdentity decides for a cluster directory (which may not exist yet) and
// the programs' directory. An existing cluster keeps the identity that made it:
// its owner on disk says which.
func chooseIdentity(cluster, binDir string) (identity, error) {
	if os.Geteuid() != 0 {
		return identity{}, nil
	}
	if info, err := os.Stat(cluster); err == nil {
		st := info.Sys().(*syscall.Stat_t)
		if st.Uid != 0 {
			return identity{uid: int(st.Uid), gid: int(st.Gid)}, nil
		}
		return identity{namespace: true}, namespaceWorks()
	}
	var tried []string
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		id := identity{}
		id.uid, _ = strconv.Atoi(u.Uid)
		id.gid, _ = strconv.Atoi(u.Gid)
		if id.uid <= 0 || id.gid <= 0 {
			continue
		}
		if wall := id.blocked(filepath.Dir(cluster), binDir); wall != "" {
			tried = append(tried, fmt.Sprintf("user %s cannot enter %s", name, wall))
			continue
		}
		return id, nil
	}
	if err := namespaceWorks(); err != nil {
		return identity{}, fmt.Errorf("%w: %s; %w; start the server as an ordinary user, or set DATA_DIR to a place that the user postgres can enter",
			ErrIdentity, strings.Join(tried, ", "), err)
	}
	return identity{namespace: true}, nil
}

// blocked returns the first directory on the way to one of the paths that the
// user may not enter, or "".
func (id identity) blocked(paths ...string) string {
	for _, p := range paths {
		p, err := filepath.EvalSymlinks(p)
		if err != nil {
			return p
		}
		way := "/"
		for _, part := range append([]string{""}, strings.Split(strings.Trim(p, "/"), "/")...) {
			way = filepath.Join(way, part)
			info, err := os.Stat(way)
			if err != nil {
				return way
			}
			st := info.Sys().(*syscall.Stat_t)
			shift := 0
			switch {
			case int(st.Uid) == id.uid:
				shift = 6
			case int(st.Gid) == id.gid:
				shift = 3
			}
			if st.Mode>>shift&1 == 0 {
				return way
			}
		}
	}
	return ""
}

// apply makes cmd run under the identity.
func (id identity) apply(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	switch {
	case id.namespace:
		enterNamespace(cmd.SysProcAttr)
	case id.uid != 0:
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(id.uid), Gid: uint32(id.gid)}
	}
}

// own gives a path to the identity.
func (id identity) own(path string) error {
	if id.uid == 0 {
		return nil
	}
	return os.Chown(path, id.uid, id.gid)
}

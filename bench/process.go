package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of the times in /proc/PID/stat: USER_HZ is 100 on every Linux.
const tick = 10 * time.Millisecond

// spent is processor time, by who spent it.
type spent struct{ server, postgres, objects, client time.Duration }

func (s spent) minus(o spent) spent {
	return spent{s.server - o.server, s.postgres - o.postgres, s.objects - o.objects, s.client - o.client}
}

func (s spent) plus(o spent) spent {
	return spent{s.server + o.server, s.postgres + o.postgres, s.objects + o.objects, s.client + o.client}
}

// process is a line of /proc.
type process struct {
	pid, parent int
	name        string
	own, waited time.Duration // of itself; of children that ended
}

// readProcess reads /proc/PID/stat (proc(5)).
func readProcess(pid int) (process, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, err
	}
	// the name stands in parentheses and may hold any character
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return process{}, fmt.Errorf("/proc/%d/stat: not of the form", pid)
	}
	fields := strings.Fields(string(text[end+1:])) // from field 3 on
	if len(fields) < 15 {
		return process{}, fmt.Errorf("/proc/%d/stat: %d fields", pid, len(fields))
	}
	var n [15]int64
	for _, i := range []int{1, 11, 12, 13, 14} {
		if n[i], err = strconv.ParseInt(fields[i], 10, 64); err != nil {
			return process{}, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
	}
	return process{
		pid: pid, parent: int(n[1]), name: string(text[open+1 : end]),
		own: time.Duration(n[11]+n[12]) * tick, waited: time.Duration(n[13]+n[14]) * tick,
	}, nil
}

// spentBy adds up what a server, its children and this process have used so far. Backends of Postgres that ended are counted by their parent.
func spentBy(server int) (s spent, err error) {
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return s, err
	}
	all, children := map[int]process{}, map[int][]int{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(filepath.Base(entry))
		if err != nil {
			continue
		}
		if p, err := readProcess(pid); err == nil { // one that has just ended is not there any more
			all[pid] = p
			children[p.parent] = append(children[p.parent], pid)
		}
	}
	root, ok := all[server]
	if !ok {
		return s, fmt.Errorf("process %d is gone", server)
	}
	s.server = root.own
	for open := children[server]; len(open) > 0; {
		p := all[open[0]]
		open = append(open[1:], children[p.pid]...)
		if strings.HasPrefix(p.name, "postgres") {
			s.postgres += p.own + p.waited
		} else {
			s.objects += p.own + p.waited
		}
	}
	s.client, err = ownTime()
	return s, err
}

// ownTime is what this process has used.
func ownTime() (time.Duration, error) {
	var own syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &own)
	return time.Duration(own.Utime.Nano() + own.Stime.Nano()), err
}

// peakMemory is the largest resident size that a process ever had, in bytes (VmHWM).
func peakMemory(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			return kib * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no VmHWM", pid)
}

// busy is how long all processors of the machine have worked since it started, for whomever (/proc/stat, proc(5)).
func busy() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(first)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, errors.New("/proc/stat: not of the form")
	}
	var total int64
	for i, field := range fields[1:9] { // user nice system idle iowait irq softirq steal
		if i == 3 || i == 4 {
			continue
		}
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/stat: %w", err)
		}
		total += n
	}
	return time.Duration(total) * tick, nil
}

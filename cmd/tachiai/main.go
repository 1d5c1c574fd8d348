// Command tachiai is the whole product in one binary: the server, and what
// its operator needs beside it. Run "tachiai help" for the list.
//
// Nothing has to be configured: without settings it keeps everything, its own
// Postgres and its own object store included, below ./var. Settings come from
// the environment only; "tachiai help config" describes them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// process is what a command may touch of the process that it runs in.
type process struct {
	env            func(string) string // os.Getenv; "" is unset
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is one line of "tachiai help". Each lives in the file of its name,
// together with its manual.
type command struct {
	name   string
	short  string // one line, lower case, no full stop
	manual string // what "tachiai help NAME" prints; begins with the usage line
	run    func(ctx context.Context, p process, args []string) error
}

// commands is the table of commands, in the order of the help text. It is a
// function because help reads it.
func commands() []command {
	return []command{
		{"serve", "run the server", serveManual, serveCommand},
		{"demo", "play one evening on two phones", demoManual, demoCommand},
		{"invite", "make a one-time link for a member", inviteManual, inviteCommand},
		{"import", "take in a phone's rescue file", importManual, importCommand},
		{"ledger", "look at the ledger, publish it, verify it", ledgerManual, ledgerCommand},
		{"rebuild", "compute the screens' tables again from the records", rebuildManual, rebuildCommand},
		{"restore", "go on after a restored database", restoreManual, restoreCommand},
		{"keys", "create or show the server's keys", keysManual, keysCommand},
		{"version", "print the version", versionManual, versionCommand},
		{"help", "explain a command or the settings", helpManual, helpCommand},
	}
}

// What a command returns beside errors of its own.
var (
	errUsage  = errors.New("wrong arguments")  // exit status 2, and the manual
	errSilent = errors.New("already reported") // exit status 1, and nothing more
)

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	os.Exit(tachiai())
}

// tachiai runs the command line of the operating system.
func tachiai() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the process at once
	return run(ctx, process{os.Getenv, os.Stdin, os.Stdout, os.Stderr}, os.Args[1:])
}

// run carries out one command line and returns the exit status: 0 when the
// command did all that it says, 1 when it failed, 2 when it was called wrongly.
// It ends soon after ctx is done. Tests call it as main does.
func run(ctx context.Context, p process, args []string) int {
	if len(args) == 0 {
		fmt.Fprint(p.stderr, overview())
		return exitUsage
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	c, ok := find(name)
	if !ok {
		fmt.Fprintf(p.stderr, "tachiai: there is no command %q; \"tachiai help\" lists them\n", name)
		return exitUsage
	}
	rest := args[1:]
	if len(rest) == 1 && (rest[0] == "-h" || rest[0] == "-help" || rest[0] == "--help") {
		fmt.Fprint(p.stdout, c.manual)
		return exitOK
	}
	err := c.run(ctx, p, rest)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSilent):
		return exitFailed
	case errors.Is(err, errUsage):
		fmt.Fprintf(p.stderr, "tachiai %s: %v\n\n%s", c.name, err, c.manual)
		return exitUsage
	default:
		fmt.Fprintf(p.stderr, "tachiai %s: %v\n", c.name, err)
		return exitFailed
	}
}

func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

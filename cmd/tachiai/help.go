package main

import (
	"context"
	"fmt"
	"strings"
)

const helpManual = `Usage: tachiai help [COMMAND | config]

Without an argument, lists the commands. With one, prints its manual.
"tachiai help config" prints every setting, its default and its meaning.
`

func helpCommand(_ context.Context, p process, args []string) error {
	if len(args) > 1 {
		return errUsage
	}
	text := overview()
	if len(args) == 1 {
		switch c, ok := find(args[0]); {
		case args[0] == "config":
			text = configHelp()
		case ok:
			text = c.manual
		default:
			return fmt.Errorf("%w: there is no command %q", errUsage, args[0])
		}
	}
	_, err := fmt.Fprint(p.stdout, text)
	return err
}

// overview is the list of commands.
func overview() string {
	var b strings.Builder
	b.WriteString("Tachiai (立会): evidence of visits, sealed on the phone, kept by a server that cannot rewrite it.\n\nUsage: tachiai COMMAND [ARGUMENTS]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-9s %s\n", c.name, c.short)
	}
	b.WriteString("\n\"tachiai help COMMAND\" tells more; \"tachiai help config\" lists the settings, all read from the environment.\n")
	return b.String()
}

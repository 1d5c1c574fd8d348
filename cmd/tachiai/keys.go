package main

import (
	"context"
	"fmt"
	"strings"

	"tachiai/server/keys"
)

const keysManual = `Usage: tachiai keys init | list

"init" creates the key inventory in KEYS_DIR: a file for each use of a key,
mode 0600 in a directory of mode 0700. It never overwrites: where there is a
key already, it fails and changes nothing. "serve" does the same by itself as
long as nothing is configured; with DATABASE_URL set it stops instead, because
a server that invents a new root key would break with every enrolled phone.

"list" prints the public keys by use, with their RFC 7638 thumbprints, and the
fingerprint of the root key in a form to be read out over the telephone. It
also checks that no key file is missing, malformed or open to others.

Copy the directory to a safe place: without "root" no phone trusts a
replacement, and without "rescue" a forgotten PIN cannot be helped.
`

func keysCommand(_ context.Context, p process, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	if args[0] != "init" && args[0] != "list" {
		return fmt.Errorf("%w: %q", errUsage, args[0])
	}
	config, err := readConfig(p.env)
	if err != nil {
		return err
	}
	if args[0] == "init" {
		set, err := keys.Create(config.KeysDir)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "Created in %s. Root fingerprint:\n  %s\n", config.KeysDir, set.Fingerprint())
		return err
	}
	set, err := keys.Load(config.KeysDir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, listKeys(set))
	return err
}

// listKeys shows the public half of an inventory.
func listKeys(set *keys.Set) string {
	var b strings.Builder
	for _, k := range set.Public() {
		fmt.Fprintf(&b, "%-8s %-6s %s\n", k.Use, k.Alg, k.KeyID)
	}
	fmt.Fprintf(&b, "%-8s %-6s %s\n", "rescue", "age", set.RescueRecipient())
	fmt.Fprintf(&b, "\nRoot fingerprint:\n  %s\n", set.Fingerprint())
	return b.String()
}

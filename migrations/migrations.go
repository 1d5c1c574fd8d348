// Package migrations holds the schema of the database as files that are run in the order of their names, each once, each in a transaction of
// its own. They go forward only: a mistake is mended by the next file. They run on PostgreSQL 15 to 18.
//
// Every constraint is named for its rule, because server/postgres turns those names into errors.
package migrations

import "embed"

// Files are the migrations, NNNN_verb_noun.sql.
//
//go:embed *.sql
var Files embed.FS

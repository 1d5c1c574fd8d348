-- The one log. Its single row is locked first by everything that appends, and
-- held to commit: indexes are gap-free and in the order of commits.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op
    using errcode = 'restrict_violation', constraint = 'append_only';
end $$;

-- edge: the hashes of the complete subtrees at the right border of the tree,
-- 32 bytes each, so that an append reads nothing else. Every append updates
-- the row; the free room lets it stay on one page.
create table ledger (
  one boolean default true constraint ledger_row_is_unique primary key constraint ledger_has_one_row check (one),
  origin text not null constraint ledger_origin_is_short check (length(origin) between 1 and 255),
  size bigint not null default 0 constraint ledger_size_is_natural check (size >= 0),
  edge bytea not null default '' constraint ledger_edge_fits_size check (octet_length(edge) % 32 = 0)
) with (fillfactor = 10);

-- Names that the log had before a restore: it lost what was published between
-- its own size then and the size here, and says so in the record at index.
create table origins (
  index bigint constraint origin_is_opened_once primary key,
  old text not null constraint origin_is_closed_once unique,
  new text not null,
  size bigint not null,
  root bytea not null
);
create trigger append_only before update or delete or truncate on origins
  for each statement execute function refuse_change();

-- Hashes of complete subtrees by the dense numbering of golang.org/x/mod/sumdb/tlog.
create table ledger_hashes (
  index bigint constraint ledger_hash_is_unique primary key,
  hash bytea not null constraint ledger_hash_is_sha256 check (octet_length(hash) = 32)
);
create trigger append_only before update or delete or truncate on ledger_hashes
  for each statement execute function refuse_change();

-- Published checkpoints, as signed.
create table checkpoints (
  id bigint generated always as identity constraint checkpoint_is_unique primary key,
  origin text not null,
  size bigint not null constraint checkpoint_size_is_natural check (size >= 0),
  root bytea not null constraint checkpoint_root_is_sha256 check (octet_length(root) = 32),
  note bytea not null,
  published_at bigint not null,
  constraint checkpoint_grows unique (origin, size)
);
create index checkpoints_by_time on checkpoints (published_at);
create trigger append_only before update or delete or truncate on checkpoints
  for each statement execute function refuse_change();

-- How far the server has compared its tables with the tree, and found them equal.
create table verified (
  one boolean default true constraint verified_row_is_unique primary key constraint verified_has_one_row check (one),
  size bigint not null default 0,
  edge bytea not null default '',
  verified_at bigint not null default 0
);
insert into verified default values;

-- Finished and unfinished backups: index is the last ledger index that is surely inside.
create table backups (
  id bigint generated always as identity constraint backup_is_unique primary key,
  index bigint not null,
  started_at bigint not null,
  finished_at bigint
);
create index backups_finished on backups (index) where finished_at is not null;

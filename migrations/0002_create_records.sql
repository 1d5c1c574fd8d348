-- Records: what was said, as it was sealed, with its place in the log. Times
-- are milliseconds since 1970. The columns between hash and core repeat what
-- the core says, for queries; core, signature and receipt are the evidence.
-- receipt is the leaf of the log. flags are those that the pusher was told.

create table records (
  index bigint constraint record_index_is_unique primary key,
  received_at bigint not null,
  seq bigint constraint record_seq_is_positive check (seq > 0),
  at bigint not null,
  hash bytea not null constraint record_hash_is_sha256 check (octet_length(hash) = 32),
  kid bytea not null constraint record_kid_is_sha256 check (octet_length(kid) = 32),
  id uuid not null,
  case_id uuid,
  visit_id uuid,
  actor uuid not null,
  kind text not null,
  core text not null constraint record_core_fits_64_kib check (octet_length(core) <= 65536),
  signature bytea not null,
  receipt text not null,
  flags text[] not null,
  constraint record_hash_is_unique unique (hash)
) with (toast_tuple_target = 8160);
-- base64 does not compress enough to be worth the time
alter table records alter column core set storage external, alter column receipt set storage external;
create index records_by_journal on records (kid, seq) where seq is not null;
create index records_by_id on records (id);
create trigger append_only before update or delete or truncate on records
  for each statement execute function refuse_change();

-- Flags that a record earned after it was accepted, by what came later (the
-- older one of a fork). cause is the index of that later record.
create table later_flags (
  index bigint not null,
  flag text not null,
  cause bigint not null,
  constraint later_flag_is_raised_once primary key (index, flag)
);
create trigger append_only before update or delete or truncate on later_flags
  for each statement execute function refuse_change();

-- Fields (SD-JWT disclosures) live apart from the evidence: an erasure deletes
-- them one by one, and everything else still verifies.
create table fields (
  index bigint constraint fields_belong_to_one_record primary key,
  fields text[] not null
) with (toast_tuple_target = 8160);
alter table fields alter column fields set storage external;

-- Fields that the record does not name: never part of it.
create table stray_fields (
  index bigint constraint stray_fields_belong_to_one_record primary key,
  fields text[] not null
);

-- Digests that an erasure has taken away; a later push does not bring them back.
create table tombstones (
  index bigint not null,
  digest bytea not null constraint tombstone_is_sha256 check (octet_length(digest) = 32),
  cause bigint not null,
  constraint tombstone_is_set_once primary key (index, digest)
);
create trigger append_only before update or delete or truncate on tombstones
  for each statement execute function refuse_change();

-- Heads of journals: seq and hash of the highest gap-free record, max_seq the
-- highest that arrived at all.
create table journals (
  kid bytea constraint journal_is_unique primary key,
  seq bigint not null constraint journal_head_is_natural check (seq >= 0),
  hash bytea not null,
  max_seq bigint not null,
  constraint journal_head_is_not_beyond_its_end check (seq <= max_seq)
) with (fillfactor = 50);

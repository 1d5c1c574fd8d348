-- Pushed texts that are no records, kept until the office decides. text holds
-- all of it up to 256 KiB, of a longer one the first 64 KiB.
create table quarantine (
  sha256 bytea constraint quarantine_is_unique primary key constraint quarantine_is_sha256 check (octet_length(sha256) = 32),
  text bytea not null,
  size bigint not null,
  code text not null,
  hash bytea,
  kid bytea,
  blobs bytea[] not null default '{}',
  pusher bytea,
  member uuid not null,
  received_at bigint not null,
  receipt text not null,
  decision text constraint quarantine_is_released_or_rejected check (decision in ('released', 'rejected')),
  decided_at bigint,
  index bigint,
  constraint quarantine_decision_has_a_time check ((decision is null) = (decided_at is null))
);
create index quarantine_by_hash on quarantine (hash) where hash is not null;
create index quarantine_waiting on quarantine (received_at) where decision is null;

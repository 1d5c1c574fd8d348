-- Sessions of the office's members, by the SHA-256 of their tokens. Times are
-- milliseconds since 1970.
create table sessions (
  hash bytea constraint session_is_unique primary key constraint session_hash_is_sha256 check (octet_length(hash) = 32),
  member uuid not null,
  created_at bigint not null,
  seen_at bigint not null
) with (fillfactor = 50);
create index sessions_by_age on sessions (created_at);

-- A one-time code opens a session or enrols a key, never both.
alter table enrolment_codes add column session_at bigint;
alter table enrolment_codes add constraint enrolment_code_is_used_once check (kid is null or session_at is null);

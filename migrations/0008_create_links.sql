-- Links for people without an account. The signed link only finds the row;
-- the row decides. A new link of a disclosure ends the ones before it. Times
-- are milliseconds since 1970.
create table links (
  jti text constraint link_is_unique primary key,
  disclosure uuid not null,
  salt bytea not null constraint link_salt_is_16_bytes check (octet_length(salt) = 16),
  iterations integer not null constraint link_passcode_is_stretched check (iterations > 0),
  passcode bytea not null constraint link_passcode_is_32_bytes check (octet_length(passcode) = 32),
  issued_at bigint not null,
  expires_at bigint not null constraint link_lives_90_days_at_most check (expires_at - issued_at <= 7776000000),
  views_left integer not null constraint link_views_are_natural check (views_left >= 0),
  ended_at bigint
) with (fillfactor = 50);
create unique index link_in_force_is_one on links (disclosure) where ended_at is null;

-- Guesses at a door: "link/<jti>" or "copy/<SHA-256 of its secret>". Each is
-- counted before it is judged, so however many come at once, no more are
-- judged than the bound allows. The row goes when the right one comes.
create table guesses (
  door text constraint guesses_of_a_door_are_one_row primary key,
  wrong integer not null default 0 constraint guesses_of_a_round_are_below_five check (wrong between 0 and 4),
  rounds integer not null default 0 constraint rounds_are_natural check (rounds >= 0),
  paused_until bigint not null default 0
) with (fillfactor = 50);

-- What was opened with the right passcode, for 15 minutes, by the SHA-256 of
-- its token. name is what records call it.
create table client_sessions (
  hash bytea constraint client_session_is_unique primary key constraint client_session_hash_is_sha256 check (octet_length(hash) = 32),
  jti text not null constraint client_session_is_of_a_link references links (jti) on delete cascade,
  name text not null,
  expires_at bigint not null
);
create index client_sessions_by_expiry on client_sessions (expires_at);
create index client_sessions_by_link on client_sessions (jti);

-- Who opened what and when, for the office.
create index records_of_disclosures on records (case_id, index)
  where kind in ('disclosure.opened', 'disclosure.downloaded', 'disclosure.acknowledged', 'disclosure.asked');

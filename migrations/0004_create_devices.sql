-- Enrolled keys. A row stays when the key is revoked: its records still verify.
create table devices (
  kid bytea constraint device_is_unique primary key constraint device_kid_is_sha256 check (octet_length(kid) = 32),
  jwk text not null,
  member uuid not null,
  label text not null,
  certificate text not null,
  authorised_by bytea constraint device_is_authorised_by_a_device references devices (kid),
  enrolled_at bigint not null,
  revoked_at bigint
);
create index devices_by_member on devices (member);

-- One-time codes, by their SHA-256 only.
create table enrolment_codes (
  hash bytea constraint enrolment_code_is_unique primary key,
  member uuid not null,
  expires_at bigint not null,
  kid bytea constraint enrolment_code_is_used_by_a_device references devices (kid)
);
create index enrolment_codes_by_expiry on enrolment_codes (expires_at);

-- What phones last said of themselves; not ledger matter.
create table device_status (
  kid bytea constraint device_status_is_unique primary key constraint device_status_is_of_a_device references devices (kid),
  body jsonb not null,
  reported_at bigint not null
) with (fillfactor = 50);

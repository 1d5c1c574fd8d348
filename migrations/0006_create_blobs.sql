-- Blobs that records name. stored turns true in the transaction that writes
-- the row in blobs; what is false is what phones are asked for.
create table blob_slots (
  index bigint not null,
  id text not null,
  sha256 bytea not null constraint blob_slot_is_sha256 check (octet_length(sha256) = 32),
  size bigint not null,
  kid bytea not null,
  stored boolean not null default false,
  constraint blob_slot_is_unique primary key (index, id)
);
create index blob_slots_missing on blob_slots (kid, index) where not stored;

-- Blobs whose bytes lie in the object store under key, durable before the row
-- was written. owner is the hash of the record, or the SHA-256 of a
-- quarantined text. index is the size of the log when stored, origin its name.
create table blobs (
  owner bytea not null,
  sha256 bytea not null,
  size bigint not null constraint blob_size_is_natural check (size >= 0),
  key text not null,
  stored_at bigint not null,
  index bigint not null,
  origin text not null,
  constraint blob_is_stored_once primary key (owner, sha256)
);

-- Uploads in parts (tus 1.0). received moves by compare-and-swap only; what
-- lies in the object store without a row here is waste.
create table uploads (
  id text constraint upload_is_unique primary key,
  owner bytea not null,
  sha256 bytea not null,
  kid bytea not null,
  length bigint not null constraint upload_length_is_natural check (length >= 0),
  received bigint not null default 0,
  expires_at bigint not null,
  done boolean not null default false,
  constraint upload_does_not_overflow check (received between 0 and length)
) with (fillfactor = 50);
create index uploads_by_expiry on uploads (expires_at);

create table upload_chunks (
  upload text not null constraint chunk_is_of_an_upload references uploads (id) on delete cascade,
  start bigint not null constraint chunk_start_is_natural check (start >= 0),
  size bigint not null constraint chunk_is_not_empty check (size > 0),
  key text not null,
  constraint chunk_start_is_unique primary key (upload, start)
);

-- Where the journal of a phone stood here when the phone last spoke of itself:
-- head and outbox together are what it had sealed by then.
alter table device_status add column head bigint not null default 0;

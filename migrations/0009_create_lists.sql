-- What the office's lists show: of each case one short row, and of what waits
-- for the office one row each. Made of the states, in the transaction that
-- moves them, and made anew whenever their form changes (lists.version). A
-- list of 100,000 is read by index and never touches a state.
create table case_list (
  id uuid constraint case_is_listed_once primary key,
  last_at bigint not null,
  state text not null,
  search text not null,
  row json not null
) with (fillfactor = 70);
create index case_list_by_time on case_list (last_at, id);
create index case_list_by_state on case_list (state, last_at, id);

-- type and id are those of the state: a visit that is not decided, a
-- disclosure that nobody has approved or refused.
create table inbox (
  type text not null,
  id text not null,
  case_id uuid not null,
  at bigint not null,
  row json not null,
  constraint inbox_holds_each_once primary key (type, id)
) with (fillfactor = 70);
create index inbox_by_time on inbox (type, at, id);

create table lists (
  one boolean default true constraint lists_row_is_unique primary key constraint lists_has_one_row check (one),
  version integer not null
);
insert into lists (version) values (0);

create index quarantine_decided on quarantine (decided_at) where decision is not null;

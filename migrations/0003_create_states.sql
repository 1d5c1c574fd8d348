-- Projections: what the fold sync/history makes of the records, written in the
-- transaction that appends them, and rebuildable. index is that of the record
-- that moved the state last.
create table states (
  type text not null,
  id text not null,
  body jsonb not null,
  index bigint not null,
  constraint state_is_unique primary key (type, id)
) with (fillfactor = 50);

-- What phones are told. The all-zero member is everyone. One row for each
-- object that a member may hear of: the newest change, at its index.
create table feed (
  member uuid not null,
  type text not null,
  id text not null,
  index bigint not null,
  n integer not null,
  op text not null constraint feed_op_is_put_or_remove check (op in ('put', 'remove')),
  body json,
  constraint feed_row_is_unique primary key (member, type, id),
  constraint feed_put_has_a_body check ((op = 'put') = (body is not null))
);
create index feed_by_index on feed (member, index, n);

-- The list of all cases leaves out those for practice, and reads its index
-- and nothing else.
drop index case_list_by_time;
create index case_list_by_time on case_list (last_at, id) where state <> 'practice';

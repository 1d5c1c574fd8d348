-- States are written whole, read whole, and never searched inside: as text
-- they are neither taken apart nor packed on the way.
alter table states alter column body type json using body::json, alter column body set storage external;
alter table states set (toast_tuple_target = 8160);
alter table feed alter column body set storage external;
alter table feed set (toast_tuple_target = 8160);

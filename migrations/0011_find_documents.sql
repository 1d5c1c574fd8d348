-- Documents of disclosures by their keys: what lies in the object store and is
-- not here is waste.
create index blobs_of_disclosures on blobs (key) where key like 'd/%';

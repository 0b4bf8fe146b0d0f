-- What makes jobs trustworthy: which book it is, which days it has seen, what a plan knew, what was logged.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A plan that was saved as a file is applied to the book it was made of and to no other.
INSERT INTO meta (key, value) VALUES ('book', lower(hex(randomblob(16))));

-- The days, counted from 1970-01-01, on which the book was open for writing: the retention goes by them
-- as well as by the clock, so that a clock that jumped erases nothing.
CREATE TABLE seen_day (
    day INTEGER PRIMARY KEY
) STRICT;

-- A dropped list waits for its contacts in the trash: whoever restores one has its list again.
ALTER TABLE list ADD COLUMN dropped INTEGER;

ALTER TABLE job ADD COLUMN as_of INTEGER;                           -- the last change that is known to be in the plan
ALTER TABLE job ADD COLUMN last_contact INTEGER NOT NULL DEFAULT 0; -- the highest contact when it was made
ALTER TABLE job ADD COLUMN rate INTEGER;                            -- contacts a second at most

ALTER TABLE audit ADD COLUMN job INTEGER;
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';         -- of the plan

-- Whoever changes a contact or a list by SQL is seen by the feed like everybody else, so that no job
-- trusts a plan that is out of date.
CREATE TRIGGER contact_change_is_told AFTER UPDATE ON contact
BEGIN INSERT INTO change (kind, a, b) VALUES (1, NEW.id, NEW.id); END;

CREATE TRIGGER list_change_is_told AFTER UPDATE OF kind ON list
BEGIN INSERT INTO change (kind) VALUES (6); END;

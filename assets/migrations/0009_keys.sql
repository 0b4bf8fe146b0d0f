-- Who may use the book from outside, and plans that wait for a person's word.

-- A program's key. The key itself is kept nowhere: this is its BLAKE3 under a secret that lies in a file beside the book.
CREATE TABLE access_key (
    fold           TEXT PRIMARY KEY,            -- the name without case
    name           TEXT NOT NULL,
    hash           BLOB NOT NULL UNIQUE,
    scopes         TEXT NOT NULL,               -- their words, separated by commas
    lists          TEXT NOT NULL DEFAULT '',    -- numbers of lists, separated by commas; empty: the whole book
    rate           INTEGER,                     -- requests a minute; NULL: as many as come
    created        INTEGER NOT NULL,
    expires        INTEGER,
    revoked        INTEGER,
    used           INTEGER,
    elevated       TEXT NOT NULL DEFAULT '',    -- scopes that were given for a while
    elevated_until INTEGER,
    elevation_used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A plan that a program made and that waits until a person confirms it. The contacts stand by number alone; the row goes
-- when the plan is started or too old, and with every erase.
CREATE TABLE asked_plan (
    id           TEXT PRIMARY KEY,
    words        TEXT NOT NULL,
    summary      TEXT NOT NULL,                 -- what would happen, as lines
    contacts     TEXT NOT NULL,                 -- the first of them, by number, separated by commas
    expected     INTEGER NOT NULL,
    who          TEXT NOT NULL,
    expires      INTEGER NOT NULL,
    confirmed_by TEXT
) STRICT, WITHOUT ROWID;

-- The book. Numbered migrations are append-only: a released one is never edited.
-- Times are milliseconds since 1970-01-01T00:00:00Z. A text that is empty is NULL in `contact`.

CREATE TABLE list (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,              -- the name without case: what is unique
    kind INTEGER NOT NULL DEFAULT 0         -- 0 standard, 1 account
) STRICT;

CREATE TABLE label (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE custom_field (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL DEFAULT 0         -- 0 text, 1 number, 2 day
) STRICT;

-- One row a contact and no further index: searching is the business of the index in memory, and each
-- index here would cost every import and erase. What a delete's check reads stands first, so that it
-- never follows an overflow page.
CREATE TABLE contact (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    list           INTEGER NOT NULL REFERENCES list (id),
    revision       INTEGER NOT NULL,
    protected      INTEGER NOT NULL DEFAULT 0,
    member_status  INTEGER,                 -- NULL no member, 1 pending, 2 active, 3 blocked, 4 offline
    member_role    INTEGER,                 -- NULL no member, 1 none, 2 contributor, 3 owner
    billing_status INTEGER,                 -- NULL none, 1 active, 2 cancelled, 3 overdue
    billing_until  INTEGER,
    subscription   INTEGER NOT NULL DEFAULT 0,
    deliverability INTEGER NOT NULL DEFAULT 0,
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    active         INTEGER,
    import         INTEGER,                 -- the job that brought it
    full           TEXT,
    first          TEXT,
    last           TEXT,
    emails         TEXT,                    -- one untagged value as it is, else JSON [["HOME","a@b.c"],...]
    phones         TEXT,
    company        TEXT,
    labels         TEXT,                    -- numbers of labels: 1,5
    middle         TEXT,
    prefix         TEXT,
    suffix         TEXT,
    nickname       TEXT,
    title          TEXT,
    birthday       TEXT,                    -- year-month-day, each part may be missing
    website        TEXT,
    note           TEXT,
    locale         TEXT,
    source         TEXT,
    billing_plan   TEXT,
    addresses      TEXT,                    -- JSON [[tag,street,city,region,postcode,country],...]
    custom         TEXT,                    -- JSON [[name,"t"|"n"|"d",value],...]
    extra          TEXT                     -- JSON [line,...]
) STRICT;

-- A row here IS the deletion: nothing of the contact is touched, so taking the row away restores it.
CREATE TABLE trash (
    contact INTEGER PRIMARY KEY,
    job     INTEGER NOT NULL
) STRICT;

-- Members that were deleted with, or just before, their contact.
CREATE TABLE member_gone (
    contact INTEGER PRIMARY KEY,
    job     INTEGER NOT NULL
) STRICT;

-- A job's head. An item of its plan at a position >= cursor was not reached; one that has a row in
-- `failure` failed; every other one succeeded.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    type        TEXT NOT NULL,
    status      TEXT NOT NULL,
    criteria    TEXT NOT NULL DEFAULT '',
    words       TEXT NOT NULL DEFAULT '',
    members_too INTEGER NOT NULL DEFAULT 0,
    scope       INTEGER,                    -- a list, or NULL: the book
    undoes      INTEGER REFERENCES job (id),
    undone_by   INTEGER REFERENCES job (id),
    started     INTEGER NOT NULL,
    finished    INTEGER,
    who         TEXT NOT NULL DEFAULT '',
    total       INTEGER NOT NULL DEFAULT 0,
    cursor      INTEGER NOT NULL DEFAULT 0, -- items taken up
    succeeded   INTEGER NOT NULL DEFAULT 0,
    failed      TEXT NOT NULL DEFAULT '',   -- counts by the number of the refusal: 1:98,3:12
    failed_rows INTEGER NOT NULL DEFAULT 0, -- rows of an import
    skipped     INTEGER NOT NULL DEFAULT 0, -- rows of an import, left out as was asked for
    restored    INTEGER NOT NULL DEFAULT 0, -- of those that it deleted
    erased      INTEGER NOT NULL DEFAULT 0, -- of those that it deleted
    owner       TEXT,                       -- the runner's token, while it runs
    heartbeat   INTEGER
) STRICT;

-- The frozen plan, in the order in which it is taken up, written with the job and never changed.
CREATE TABLE plan_chunk (
    job   INTEGER NOT NULL REFERENCES job (id),
    chunk INTEGER NOT NULL,
    items BLOB NOT NULL,
    PRIMARY KEY (job, chunk)
) STRICT, WITHOUT ROWID;

-- What failed. It names no person: a contact's name is looked up when it is shown, so that erasing a
-- contact leaves nothing here.
CREATE TABLE failure (
    job      INTEGER NOT NULL REFERENCES job (id),
    position INTEGER NOT NULL,
    contact  INTEGER,                       -- NULL for a row of an import
    refusal  INTEGER,                       -- NULL for a row of an import
    place    TEXT,                          -- file and line of a row of an import
    detail   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, position)
) STRICT, WITHOUT ROWID;

-- Addresses that asked not to be contacted. They belong to the book: no delete, undo or erase of a
-- contact touches them.
CREATE TABLE unsubscriber (
    address TEXT PRIMARY KEY,               -- normalised
    display TEXT NOT NULL,
    added   INTEGER NOT NULL,
    source  TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_search (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,
    line TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;

-- What changed, an entry a write, for whoever keeps the contacts in memory. Old entries are pruned: who
-- comes too late reads everything again.
CREATE TABLE change (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    a    INTEGER NOT NULL DEFAULT 0,
    b    INTEGER NOT NULL DEFAULT 0,
    c    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE audit (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    at   INTEGER NOT NULL,
    who  TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Live address books: lists whose contacts lie elsewhere and are changed there first. Where an account is, and how to
-- log in, stands in the configuration and never here.

CREATE TABLE remote_list (
    list    INTEGER PRIMARY KEY REFERENCES list (id),
    account TEXT NOT NULL,
    href    TEXT NOT NULL,                  -- what the book is asked for by
    token   TEXT,                           -- what the next listing may be asked with
    pulled  INTEGER                         -- when it was last in step
) STRICT;

-- Every card that is known there, as its bytes lie there. The contact's fields are read out of them, never the other
-- way round. A card that is no contact (a group, or one that can't be read) has none.
CREATE TABLE remote_card (
    list     INTEGER NOT NULL REFERENCES list (id),
    href     TEXT NOT NULL,
    contact  INTEGER,
    etag     TEXT NOT NULL,                 -- empty: it has to be read again
    card     BLOB NOT NULL,
    verbatim INTEGER NOT NULL,              -- whether these are the bytes that lie there
    there    INTEGER NOT NULL,              -- 0: it is gone there; these bytes put it back
    PRIMARY KEY (list, href)
) STRICT;

CREATE INDEX remote_card_of_contact ON remote_card (contact);

-- What a job does elsewhere, written before it is asked for; without an outcome nobody knows yet what became of it.
-- What a change found is kept for its undo.
CREATE TABLE remote_step (
    job     INTEGER NOT NULL REFERENCES job (id),
    contact INTEGER NOT NULL,
    list    INTEGER NOT NULL,
    verb    INTEGER NOT NULL,               -- 1 delete, 2 put back, 3 change
    href    TEXT NOT NULL,
    etag    TEXT NOT NULL,
    before  BLOB NOT NULL,                  -- the bytes that are expected there
    after   BLOB,                           -- the bytes that will be
    outcome INTEGER,                        -- 1 done, 2 gone there, 3 changed there, 4 refused there
    detail  TEXT NOT NULL DEFAULT '',
    now_etag TEXT NOT NULL DEFAULT '',
    now_href TEXT NOT NULL DEFAULT '',
    applied INTEGER NOT NULL DEFAULT 0,     -- whether the book knows of the outcome as well
    PRIMARY KEY (job, contact)
) STRICT;

CREATE INDEX remote_step_of_contact ON remote_step (contact);

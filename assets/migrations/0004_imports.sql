-- What makes an import resumable: what it was asked, and the place that it reached.

CREATE TABLE import (
    job     INTEGER PRIMARY KEY REFERENCES job (id),
    request TEXT NOT NULL,                        -- as JSON, with what the files looked like
    edits   INTEGER NOT NULL,                     -- whether it updates contacts: then images undo it
    file    INTEGER NOT NULL DEFAULT 0,           -- files that are done
    records INTEGER NOT NULL DEFAULT 0            -- records of the next one that are done
) STRICT;

ALTER TABLE job ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;   -- of those that succeeded: contacts that were there
ALTER TABLE job ADD COLUMN unchanged INTEGER NOT NULL DEFAULT 0; -- and those that had nothing new
ALTER TABLE job ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;     -- of the files, read so far
ALTER TABLE job ADD COLUMN of_bytes INTEGER NOT NULL DEFAULT 0;  -- of the files

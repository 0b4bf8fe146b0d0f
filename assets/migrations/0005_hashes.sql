-- Unsubscribers as keyed hashes, for whoever doesn't want to keep their addresses.

CREATE TABLE unsubscriber_hash (
    hash   BLOB PRIMARY KEY,                -- BLAKE3 of the normalised address, under the book's own key
    added  INTEGER NOT NULL,
    source TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

INSERT INTO meta (key, value) VALUES ('unsubscriber_key', lower(hex(randomblob(32))));

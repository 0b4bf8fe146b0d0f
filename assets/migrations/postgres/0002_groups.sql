-- Merges of many groups by one job, and cards that are never to be merged.

CREATE TABLE merge_group (
    job      BIGINT NOT NULL,
    position BIGINT NOT NULL,
    size     BIGINT NOT NULL,
    PRIMARY KEY (job, position)
);

CREATE TABLE apart (
    one   BIGINT NOT NULL,
    other BIGINT NOT NULL,
    PRIMARY KEY (one, other)
);

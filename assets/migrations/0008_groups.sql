-- Merges of many groups by one job, and cards that are never to be merged.

-- Which contacts of a job's plan become one: from this position of the plan on, so many. The first of them is
-- kept. A group is taken up whole or not at all.
CREATE TABLE merge_group (
    job      INTEGER NOT NULL REFERENCES job (id),
    position INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    PRIMARY KEY (job, position)
) STRICT, WITHOUT ROWID;

-- Pairs of contacts of which the user said that they are never the same; the lower number comes first.
CREATE TABLE apart (
    one   INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

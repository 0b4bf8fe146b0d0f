-- What makes an edit undoable: the contact as it was.

-- The contacts that a job changed, each as it lay in its row before: every column, packed. Whoever erases
-- a contact erases its images; those of old jobs go when the trash would have.
CREATE TABLE before (
    job      INTEGER NOT NULL REFERENCES job (id),
    contact  INTEGER NOT NULL,
    revision INTEGER NOT NULL,              -- the contact's after the change
    image    BLOB,                          -- NULL: the job brought the contact
    PRIMARY KEY (job, contact)
) STRICT, WITHOUT ROWID;

CREATE INDEX before_of_contact ON before (contact);

ALTER TABLE job ADD COLUMN edit TEXT;       -- what an edit does to each contact, as JSON

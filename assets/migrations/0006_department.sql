-- The department that a contact works in.

ALTER TABLE contact ADD COLUMN department TEXT;

-- The anniversary of a contact: year-month-day, each empty where it isn't known, as the birthday.

ALTER TABLE contact ADD COLUMN anniversary TEXT;

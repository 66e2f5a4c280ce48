-- The settings before these: a replica that starts with them has not heard yet that they were replaced, and must not bring them back.
ALTER TABLE first_administrator ADD COLUMN replaced bytea[] NOT NULL DEFAULT '{}';

-- The answers to requests that may be repeated, written in the statement that does the work.
-- scope: SHA-256 of subject, method, path and key. request: HMAC of query and body, so that a password in it cannot be guessed from here.
CREATE TABLE idempotency_keys (
    scope      bytea       PRIMARY KEY,
    request    bytea       NOT NULL,
    status     smallint    NOT NULL CHECK (status BETWEEN 200 AND 299),
    location   text,
    entity_tag text,
    body       bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Rows come in order of time and go in order of time: a block range index finds the old ones and costs an insert nothing.
CREATE INDEX idempotency_keys_created_at ON idempotency_keys USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);

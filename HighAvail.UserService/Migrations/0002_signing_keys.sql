-- One row per key, in the order in which they sign: the newest whose not_before has passed signs, the others verify.
-- The generation makes creating the next key a matter of one insert: of two replicas that try, one wins.
CREATE TABLE signing_keys (
    generation  integer     PRIMARY KEY CHECK (generation > 0),
    kid         text        NOT NULL UNIQUE,
    private_key bytea       NOT NULL,
    public_jwk  jsonb       NOT NULL,
    not_before  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL
);

-- A copy of the public keys that verify access tokens: orders are accepted while nobody can be asked for them.
CREATE TABLE signing_keys (
    kid         text        PRIMARY KEY,
    jwk         jsonb       NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);

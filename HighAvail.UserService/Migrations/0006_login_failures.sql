-- Failed sign-ins in a row, by SHA-256 of the address: also addresses that no account has are counted, and nobody need see which were tried.
-- Each row has cost a password check, and goes when it is forgotten, so there are never many.
CREATE TABLE login_failures (
    email_hash   bytea       PRIMARY KEY,
    failures     integer     NOT NULL CHECK (failures > 0),
    failed_at    timestamptz NOT NULL,
    locked_until timestamptz NOT NULL
);

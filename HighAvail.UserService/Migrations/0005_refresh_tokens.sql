-- A sign-in, and all refresh tokens that came of it one after the other. It ends at a time that no refresh changes; deleting it ends it sooner.
CREATE TABLE refresh_families (
    id         uuid        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users,
    expires_at timestamptz NOT NULL
);

CREATE INDEX refresh_families_user_id ON refresh_families (user_id);
CREATE INDEX refresh_families_expires_at ON refresh_families (expires_at);

-- hash: SHA-256 of the token, which is random, so nobody can find it from here. Spent ones are kept as long as their family, because one that is
-- presented again has been stolen.
CREATE TABLE refresh_tokens (
    hash      bytea       PRIMARY KEY,
    family_id uuid        NOT NULL REFERENCES refresh_families ON DELETE CASCADE,
    spent_at  timestamptz
);

CREATE INDEX refresh_tokens_family_id ON refresh_tokens (family_id);

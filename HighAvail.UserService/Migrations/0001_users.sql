-- Everything that is known about a person: an address, a name to show, a role.
CREATE TABLE users (
    id               uuid        PRIMARY KEY,
    email            text        NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    normalized_email text        NOT NULL UNIQUE CHECK (length(normalized_email) BETWEEN 3 AND 254),
    display_name     text        NOT NULL CHECK (length(display_name) BETWEEN 1 AND 100),
    password_hash    text        NOT NULL,
    role             text        NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'admin')),
    version          bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    deactivated_at   timestamptz
);

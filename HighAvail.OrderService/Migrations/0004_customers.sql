CREATE TABLE IF NOT EXISTS customers (
    id             uuid        PRIMARY KEY,
    deactivated_at timestamptz,
    version        bigint      NOT NULL DEFAULT 0,
    display_name   text
);

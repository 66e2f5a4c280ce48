-- What the User service's feed tells of customers. A valid token proves that its customer exists; a row here only takes that back.
CREATE TABLE customers (
    id             uuid        PRIMARY KEY,
    deactivated_at timestamptz,
    version        bigint      NOT NULL DEFAULT 0,
    display_name   text
);

-- Which settings for the first administrator have been applied: an HMAC of them, whose key is not in here. They are applied once, and again when
-- they change; in between it is an account like any other.
CREATE TABLE first_administrator (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    fingerprint bytea   NOT NULL
);

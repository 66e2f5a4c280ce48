CREATE TABLE orders (
    id              uuid        PRIMARY KEY,
    customer_id     uuid        NOT NULL,
    status          text        NOT NULL DEFAULT 'pending'
                                CHECK (status IN ('pending', 'confirmed', 'rejected', 'cancelled', 'shipped', 'failed')),
    currency        text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    lines           jsonb       NOT NULL CHECK (jsonb_typeof(lines) = 'array'),
    total           bigint      NOT NULL CHECK (total >= 0),
    reason          text,
    version         bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    attempts        integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at timestamptz NOT NULL DEFAULT now()
);

-- A customer's orders, newest first: ids are UUID v7, so they sort by time.
CREATE INDEX orders_customer_id_id ON orders (customer_id, id DESC);

-- What the processor polls: only what still waits, so it stays small however many orders there are.
CREATE INDEX orders_pending ON orders (next_attempt_at) WHERE status = 'pending';

-- Append-only, in the statement that changes the order. No foreign key: that statement has the order in hand,
-- and the check would cost every event a look-up and a row lock.
-- The transaction id lets a reader stop before transactions that have not ended yet.
CREATE TABLE order_events (
    order_id uuid        NOT NULL,
    version  bigint      NOT NULL,
    type     text        NOT NULL,
    data     jsonb       NOT NULL,
    at       timestamptz NOT NULL,
    xid      xid8        NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (order_id, version)
);

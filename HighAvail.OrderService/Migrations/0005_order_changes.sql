-- The trace of the request that placed the order, when it was sampled: processing links to it.
ALTER TABLE orders ADD trace_parent text;

-- What administrators list by status. Not what every order passes through, so placing and confirming do not pay for it.
CREATE INDEX orders_settled ON orders (status, id DESC) WHERE status IN ('rejected', 'cancelled', 'shipped', 'failed');

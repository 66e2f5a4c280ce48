-- The feed of changes is the tables themselves: a row knows the transaction that changed it last, and readers take the rows in that order.
-- So a reader from the beginning gets a snapshot, nothing has to be thrown away later, and what a replica of the previous version writes,
-- which knows nothing of this, is in the feed as well.
CREATE SEQUENCE feed_positions;

-- A key that verifies nothing any more stays as a row that says so.
ALTER TABLE signing_keys
    ADD COLUMN retired_at    timestamptz,
    ADD COLUMN feed_xid      xid8   NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN feed_position bigint NOT NULL DEFAULT nextval('feed_positions');

ALTER TABLE users
    ADD COLUMN feed_xid      xid8   NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN feed_position bigint NOT NULL DEFAULT nextval('feed_positions');

CREATE UNIQUE INDEX signing_keys_feed ON signing_keys (feed_xid, feed_position);
CREATE UNIQUE INDEX users_feed ON users (feed_xid, feed_position);

CREATE FUNCTION feed_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.feed_xid := pg_current_xact_id();
    NEW.feed_position := nextval('feed_positions');
    RETURN NEW;
END
$$;

CREATE TRIGGER signing_keys_feed BEFORE UPDATE ON signing_keys FOR EACH ROW EXECUTE FUNCTION feed_stamp();

-- What others see of a user has a new version; what they do not see does not wake them.
CREATE TRIGGER users_feed BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION feed_stamp();

-- Transaction ids mean something in one cluster only. A dump restored elsewhere, or beside, has another identity; the service then begins
-- a new epoch by itself and stamps every row anew. After a restore of a whole cluster to an earlier time, which keeps the identity, do it
-- by hand: UPDATE feed_epoch SET identity = ''.
CREATE FUNCTION feed_identity() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT system_identifier || '/' || 'users'::regclass::oid FROM pg_control_system()
$$;

CREATE TABLE feed_epoch (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    epoch    uuid    NOT NULL,
    identity text    NOT NULL
);

INSERT INTO feed_epoch (epoch, identity) VALUES (gen_random_uuid(), feed_identity());

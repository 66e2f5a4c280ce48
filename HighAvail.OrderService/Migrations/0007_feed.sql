-- Up to where the feed of the User service is applied, moved on in the transaction that applies it: of replicas that follow at once, one
-- finds the cursor where it left it. A round begins when the User service has another epoch, and everything is read anew.
CREATE TABLE feed_position (
    feed   text   PRIMARY KEY,
    cursor text,
    round  bigint NOT NULL DEFAULT 1
);

INSERT INTO feed_position (feed) VALUES ('users');

-- Keys that a whole round did not name are gone. Round 0: from before there was a feed.
ALTER TABLE signing_keys ADD COLUMN round bigint NOT NULL DEFAULT 0;

-- How often the sign-in had been refreshed when the token was made: a family grows to so many tokens and no further.
ALTER TABLE refresh_tokens ADD COLUMN generation integer NOT NULL DEFAULT 0;

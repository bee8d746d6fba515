-- Email addresses are compared ignoring case, so the column holds them in lower case, as it holds all texts trimmed;
-- the line keeps them as they were sent, and CSV reads it where verbatim is false. An index on lower(actor_email)
-- would not be used: under row-level security an index condition may only call functions that are leakproof, and
-- lower() is not. Changes the events whose address has capital letters, and reads all.
UPDATE events SET actor_email = lower(actor_email), verbatim = false
WHERE actor_email <> lower(actor_email);

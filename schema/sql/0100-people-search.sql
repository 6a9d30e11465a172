-- Finding people by the beginning of any word of their name, whatever the case and the accents: "jose" finds "Maria José".
-- Plain PostgreSQL, no extension: an accent is what NFD splits off a letter; letters NFD leaves whole are mapped one by one.
-- The bodies are parsed when made (RETURN), so a restored dump finds them whatever its search path.
CREATE FUNCTION fold_text(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(lower(regexp_replace(normalize(given, NFD), '[\u0300-\u036f]', '', 'g')), 'øłđðħıŧ', 'olddhit');

-- The folded words of a text. Split at what separates rather than at what is no letter: under a C locale PostgreSQL takes no letter
-- beyond ASCII for one.
CREATE FUNCTION folded_words(given text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_remove(regexp_split_to_array(fold_text(given), '[[:space:][:punct:]]+'), '');

CREATE INDEX users_words ON users USING gin (array_to_tsvector(folded_words(name))) WHERE NOT placeholder;

import type { UserId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import type { Queryable } from './database.ts';

/** How many people one search finds at most: a list to choose from, not a directory to read. */
export const peopleFound = 20;

/**
 * People each of whose names' words begin as the query's do, whatever case and accents, or whose email is exactly the query; those
 * who share a conversation with the asker first, then by name. Placeholders and the asker are left out. No email is in the answer.
 */
export async function findPeople(database: Queryable, asker: UserId, query: string): Promise<Person[]> {
  return database.query<Person & { [column: string]: unknown }>(
    `WITH asked AS (
       -- quote_literal writes what tsquery reads, since folded words hold neither quotes nor backslashes
       SELECT string_agg(quote_literal(word) || ':*', ' & ')::tsquery AS words FROM unnest(folded_words($2)) AS word
     ),
     known AS (
       SELECT DISTINCT other.user_id
       FROM memberships own JOIN memberships other ON other.conversation_id = own.conversation_id
       WHERE own.user_id = $1 AND own.left_at IS NULL AND other.left_at IS NULL
     ),
     found AS (
       SELECT u.id, u.name, u.about, 0 AS rank FROM users u WHERE NOT u.placeholder AND lower(u.email) = lower(trim($2))
       UNION ALL
       SELECT u.id, u.name, u.about, 1 FROM users u, asked WHERE NOT u.placeholder AND array_to_tsvector(folded_words(u.name)) @@ asked.words
     )
     SELECT f.id, f.name, f.about, false AS placeholder
     FROM (SELECT DISTINCT ON (id) * FROM found WHERE id <> $1 ORDER BY id, rank) f
     LEFT JOIN known k ON k.user_id = f.id
     ORDER BY f.rank, k.user_id IS NULL, lower(f.name), f.id
     LIMIT $3`,
    [asker, query, peopleFound],
  );
}

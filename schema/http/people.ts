/** The answer of `GET /api/people?query=…`: people whose name begins with the words, or whose email is exactly this. */
import * as z from 'zod';
import { Person } from '../wire/people.ts';

export const PeopleAnswer = z.object({ people: z.array(Person) });
export type PeopleAnswer = z.infer<typeof PeopleAnswer>;

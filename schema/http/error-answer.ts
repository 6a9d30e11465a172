/** The body of every HTTP answer that is not a success. `fields` names what is wrong where, for a form. */
import * as z from 'zod';
import { errorCodes } from '../errors.ts';

export const ErrorAnswer = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
    /** Seconds after which to try again, for `rate-limited`. */
    retryAfter: z.number().optional(),
  }),
});
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

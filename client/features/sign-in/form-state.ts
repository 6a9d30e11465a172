import { HttpRefusal, Unreachable } from '#client/services/http-refusal.ts';
import { Refusal } from '#schema/errors.ts';

/** Why a form was not accepted: a sentence for the whole, and one for each field that is wrong. */
export interface FormErrors {
  readonly form: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

export const NO_ERRORS: FormErrors = { form: null, fields: {} };

/** What a person is told about a failed request of the form. `what` is what needs the server, as a noun: "Signing in". */
export function formErrors(error: unknown, what: string): FormErrors {
  if (error instanceof Unreachable) {
    return {
      form: `${what} needs a connection, and the server cannot be reached at the moment. What you typed stays here.`,
      fields: {},
    };
  }
  if (error instanceof Refusal) {
    const fields = error instanceof HttpRefusal ? error.fields : {};
    if (error.code === 'email-taken') return { form: null, fields: { email: error.message } };
    if (error.code === 'password-too-long') return { form: null, fields: { password: error.message } };
    // The fields say it all; a sentence above them would be said twice.
    return { form: Object.keys(fields).length > 0 ? null : error.message, fields };
  }
  return { form: 'Something went wrong here. Please load the page again.', fields: {} };
}

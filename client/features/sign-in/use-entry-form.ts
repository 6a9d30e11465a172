import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { NO_ERRORS, type FormErrors } from './form-state.ts';

export interface EntryFormParts {
  /** What is wrong by field, before the server is asked. */
  readonly check: () => Readonly<Record<string, string>>;
  readonly send: () => Promise<void>;
  readonly explain: (error: unknown) => FormErrors;
}

/** The life of a form: checked, sent, refused. After a refusal the first field that is wrong has the focus. */
export function useEntryForm({ check, send, explain }: EntryFormParts): {
  readonly errors: FormErrors;
  readonly busy: boolean;
  readonly submit: (event: SyntheticEvent<HTMLFormElement>) => void;
} {
  const [errors, setErrors] = useState(NO_ERRORS);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  return {
    errors,
    busy,
    submit(event) {
      event.preventDefault();
      form.current = event.currentTarget;
      if (busy) return;
      const wrong = check();
      if (Object.keys(wrong).length > 0) {
        setErrors({ form: null, fields: wrong });
        return;
      }
      setErrors(NO_ERRORS);
      setBusy(true);
      send().then(
        // Signed in: the session changes and this page goes; the button stays busy until then.
        () => undefined,
        (error: unknown) => {
          setErrors(explain(error));
          setBusy(false);
        },
      );
    },
  };
}

import { Refusal } from '#schema/errors.ts';
import { UpdateProfileRequest } from '#schema/http/accounts.ts';
import type { Person } from '#schema/wire/people.ts';
import type { ActContext } from './act-context.ts';

/** Changes one's own name or what stands about oneself. @throws Refusal for what does not fit. */
export async function updateProfile(context: ActContext, change: { name?: string; about?: string }): Promise<void> {
  const parsed = UpdateProfileRequest.safeParse(change);
  if (!parsed.success) throw new Refusal('invalid-request', parsed.error.issues[0]?.message ?? 'This does not fit.');
  const { name, about } = parsed.data;
  const before = (await context.store.people()).find((person) => person.id === context.user);
  const me: Person = {
    id: context.user,
    name: name ?? before?.name ?? '',
    about: about ?? before?.about ?? '',
    placeholder: false,
  };
  await context.store.enqueueCommand(
    { key: context.newId(), method: 'PATCH', path: '/api/me', body: parsed.data, title: 'Profile', creates: null },
    before || name !== undefined ? { people: [me] } : {},
  );
}

/** Requests and answers of `/api/sign-up`, `/api/sign-in`, `/api/sign-out`, `/api/me` and `/api/devices`. */
import * as z from 'zod';
import { DeviceId, UserId } from '../ids.ts';
import { LIMITS } from '../limits.ts';

/** A browser profile as it presents itself: it makes its id once and keeps it. */
export const DeviceIntroduction = z.object({ id: DeviceId, name: z.string().trim().min(1).max(120) });
export type DeviceIntroduction = z.infer<typeof DeviceIntroduction>;

const name = z
  .string()
  .trim()
  .min(1, 'Please enter a name.')
  .max(LIMITS.nameLength, `A name may have at most ${LIMITS.nameLength} characters.`);
const email = z
  .string()
  .trim()
  .max(LIMITS.emailLength)
  .regex(/^[^\s@]+@[^\s@]+$/, 'Please enter a valid email address.');
/** Length in bytes is checked by the server: see `password-too-long`. */
const newPassword = z
  .string()
  .min(LIMITS.passwordMinLength, `A password needs at least ${LIMITS.passwordMinLength} characters.`)
  .max(1_000);

export const SignUpRequest = z.object({ name, email, password: newPassword, device: DeviceIntroduction.optional() });
export type SignUpRequest = z.infer<typeof SignUpRequest>;

export const SignInRequest = z.object({
  email: z.string().max(1_000),
  password: z.string().max(1_000),
  device: DeviceIntroduction.optional(),
});
export type SignInRequest = z.infer<typeof SignInRequest>;

/** The signed-in person, and the device of this session (null where the request that signed in named none). */
export const Me = z.object({
  user: z.object({ id: UserId, name: z.string(), about: z.string(), email: z.string() }),
  device: DeviceId.nullable(),
});
export type Me = z.infer<typeof Me>;

/** The command that changes one's own profile. */
export const UpdateProfileRequest = z.object({
  name: name.optional(),
  about: z.string().trim().max(LIMITS.aboutLength).optional(),
});
export type UpdateProfileRequest = z.infer<typeof UpdateProfileRequest>;

export const DeviceRecord = z.object({
  id: DeviceId,
  name: z.string(),
  /** ms since 1970, both. */
  createdAt: z.number(),
  lastSeenAt: z.number(),
  /** The device that asks. */
  current: z.boolean(),
});
export type DeviceRecord = z.infer<typeof DeviceRecord>;

export const DeviceList = z.object({ devices: z.array(DeviceRecord) });
export type DeviceList = z.infer<typeof DeviceList>;

/**
 * Who is signed in on this browser profile. It is known without a network and without IndexedDB, so that the app can open at
 * once; the cookie that the server trusts is another thing, and out of reach here.
 */
import type { DeviceId, UserId } from '#schema/ids.ts';
import type { Observable } from './observable.ts';

/** The signed-in person and the device this profile is for them. */
export interface SignedIn {
  readonly user: UserId;
  readonly device: DeviceId;
  /** As of the sign-in; `Device.profile` knows better. */
  readonly name: string;
  readonly about: string;
  readonly email: string;
}

export interface Session {
  /** Null: nobody is signed in. Changes when another tab signs in or out, too. */
  readonly current: Observable<SignedIn | null>;
  /** The email of the last person here, to begin the form with; empty when there was none. */
  readonly lastEmail: string;
  /** @throws Refusal when the server says no (`HttpRefusal` with the fields that are wrong), Unreachable without a network. */
  signIn(email: string, password: string): Promise<void>;
  /** Makes the account and signs in. @throws as `signIn` */
  signUp(name: string, email: string, password: string): Promise<void>;
  /**
   * Forgets who is signed in, in every tab, after `Device.signOut` did its part. `erase`: forgets the person's email and
   * the device's id as well, since nothing of them is left here. Resolves once a restarted browser knows it too.
   */
  end(erase: boolean): Promise<void>;
}

import { useSyncExternalStore } from "react";
import * as v from "valibot";

/** Who is signed in, in this tab. */
export type Session = { customerId: string; email: string };

type Stored = v.InferOutput<typeof schema>;

// oidc-client-ts keeps a signed-in user here; reading it needs no library.
const KEY_PREFIX = "oidc.user:";
const RENEW_BEFORE = 60; // seconds
const schema = v.object({
  id_token: v.string(),
  expires_at: v.number(),
  profile: v.object({ sub: v.string(), email: v.string() }),
});

const listeners = new Set<() => void>();
let seen: { text: string | null; user: Stored | null; session: Session | null } = {
  text: null,
  user: null,
  session: null,
};
let renewing: Promise<void> | undefined;
let ended = false;

/** The session, or null. Renders again when it begins or ends. */
export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, currentSession);
}

export function currentSession(): Session | null {
  return read().session;
}

/** Whether a sign-in has run out in this tab, so that the page can say why it asks again. */
export function hasExpired(): boolean {
  return ended;
}

/** The ID token for the API, renewed if it is about to run out; null if nobody is signed in. */
export async function idToken(): Promise<string | null> {
  const { user } = read();
  if (user === null) return null;
  if (user.expires_at - Date.now() / 1000 > RENEW_BEFORE) return user.id_token;
  renewing ??= renew().finally(() => (renewing = undefined));
  await renewing;
  return read().user?.id_token ?? null;
}

/** Leaves for the hosted login; afterwards the customer is at `returnTo`, a path of this site. */
export async function signIn(returnTo: string): Promise<void> {
  await (await import("./oidc")).redirectToSignIn(returnTo);
}

/** Finishes a sign-in on the page that the hosted login returns to. Resolves to where to go on. */
export async function completeSignIn(): Promise<string> {
  const returnTo = await (await import("./oidc")).handleCallback();
  ended = false;
  tell();
  return returnTo;
}

/** Ends the session here and at the hosted login, which then returns to the start page. */
export async function signOut(): Promise<void> {
  const { signOutUrl } = await import("./oidc");
  const url = await signOutUrl();
  forget();
  window.location.assign(url);
}

/** The API, or the renewal, says that the session is over. */
export function expire(): void {
  if (read().user === null) return;
  ended = true;
  forget();
}

async function renew(): Promise<void> {
  const { renewTokens } = await import("./oidc");
  if (await renewTokens()) tell();
  else expire();
}

function forget(): void {
  for (const key of userKeys()) sessionStorage.removeItem(key);
  tell();
}

function read(): typeof seen {
  const key = userKeys()[0];
  const text = key === undefined ? null : sessionStorage.getItem(key);
  if (text !== seen.text) {
    const user = parse(text);
    const session = user && { customerId: user.profile.sub, email: user.profile.email };
    seen = { text, user, session };
  }
  return seen;
}

function parse(text: string | null): Stored | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text ?? "null"));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

function userKeys(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(KEY_PREFIX));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

import { useSyncExternalStore } from "react";

import { storedTokens, type Tokens } from "./tokens";

/** Who is signed in, in this tab. */
export type Session = { customerId: string; email: string };

const RENEW_BEFORE = 60; // seconds

const sessions = new WeakMap<Tokens["profile"], Session>();
let renewing: Promise<void> | undefined;
let ended = false;
const otherTabs = openChannel();

/** The session, or null. Renders again when it begins or ends. */
export function useSession(): Session | null {
  return useSyncExternalStore(storedTokens.subscribe, currentSession);
}

/** The same object as before while nothing has changed, as useSyncExternalStore wants it. */
export function currentSession(): Session | null {
  const profile = storedTokens.get()?.profile;
  if (profile === undefined) return null;
  const session = sessions.get(profile) ?? { customerId: profile.sub, email: profile.email };
  sessions.set(profile, session);
  return session;
}

/** Whether a sign-in has run out in this tab, so that the page can say why it asks again. */
export function hasExpired(): boolean {
  return ended;
}

/**
 * The ID token for the API, renewed if it is about to run out or is the one that the API has just
 * refused; null if nobody is signed in. Rejects if nobody can be asked for another.
 */
export async function idToken(refused?: string): Promise<string | null> {
  const tokens = storedTokens.get();
  if (tokens === null) return null;
  const isLasting = tokens.expires_at - Date.now() / 1000 > RENEW_BEFORE;
  if (isLasting && tokens.id_token !== refused) return tokens.id_token;
  renewing ??= renew(tokens).finally(() => (renewing = undefined));
  await renewing;
  return storedTokens.get()?.id_token ?? null;
}

/** Leaves for the hosted login; afterwards the customer is at `returnTo`, a path of this site. */
export async function signIn(returnTo: string): Promise<void> {
  await (await import("./oidc")).redirectToSignIn(returnTo);
}

/** What to tell the customer whom signIn() could not lead away. */
export function whyNoSignIn(error: unknown): string {
  const isBlocked = error instanceof DOMException && error.name === "SecurityError";
  return isBlocked
    ? "Signing in needs site data, which your browser blocks. Allow it for this site and try again."
    : "The sign-in can't be reached. Try again in a moment.";
}

/** Finishes a sign-in on the page that the hosted login returns to. Resolves to where to go on. */
export async function completeSignIn(): Promise<string> {
  const { tokens, returnTo } = await (await import("./oidc")).handleCallback();
  ended = false;
  storedTokens.set(tokens);
  return returnTo;
}

/**
 * Ends the customer's sessions here and in the other tabs, then the one at the hosted login, which
 * returns to the start page. Rejects if that can't be reached.
 */
export async function signOut(): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only a window has one
  otherTabs?.postMessage(currentSession()?.customerId);
  storedTokens.set(null);
  const { signOutUrl } = await import("./oidc");
  window.location.assign(await signOutUrl());
}

/** The API, or the renewal, says that the session is over. */
export function expire(): void {
  if (storedTokens.get() === null) return;
  ended = true;
  storedTokens.set(null);
}

async function renew(tokens: Tokens): Promise<void> {
  const { renewTokens } = await import("./oidc");
  const renewed = await renewTokens(tokens);
  // The customer may have signed out while the answer was on its way.
  if (storedTokens.get() !== tokens) return;
  if (renewed) storedTokens.set(renewed);
  else expire();
}

/** To the other tabs: who signs out. Null where the browser refuses it, as some do with storage. */
function openChannel(): BroadcastChannel | null {
  try {
    const channel = new BroadcastChannel("orders.signed-out");
    channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data === currentSession()?.customerId) storedTokens.set(null);
    });
    return channel;
  } catch {
    return null;
  }
}

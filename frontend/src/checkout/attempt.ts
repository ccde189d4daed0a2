import { useSyncExternalStore } from "react";
import * as v from "valibot";

import { IDEMPOTENCY_KEY } from "../api/contract";
import type { components } from "../api/schema";
import { moneySchema } from "../money";
import { Stored } from "../storage";

export type OrderRequest = components["schemas"]["OrderRequest"];

/**
 * An order on its way: from before its first request until the answer to it is known. `sentAt` is
 * when it was last sent, or begun, in milliseconds since 1970.
 */
export type Attempt = {
  key: string;
  customerId: string;
  /** The request as it is sent: as text, so that each send of it is the same, byte for byte. */
  body: string;
  sends: number;
  sentAt: number;
};

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// What the checkout shows of a request; whether the rest of it is right the API says.
const shown = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    lines: v.array(v.object({ productId: v.string(), quantity: whole })),
    expectedTotal: moneySchema,
  }),
);
const attempt: v.GenericSchema<unknown, Attempt> = v.object({
  key: v.pipe(v.string(), v.regex(IDEMPOTENCY_KEY)),
  customerId: v.string(),
  body: v.pipe(
    v.string(),
    v.check((text) => v.is(shown, text)),
  ),
  sends: whole,
  sentAt: v.optional(whole, 0),
});

// In localStorage, so that it outlives a reload and a second tab goes on with the same order. By
// customer: whoever signs in next on this computer neither sends nor overwrites it.
const stored = new Stored("orders.attempts", v.record(v.string(), attempt));
const sentHere = new Set<string>();
// The keys of what was given up: wherever a page still waits to send it again, it must not.
const forgotten = new Stored("orders.forgotten", v.array(v.string()));
const MOST_FORGOTTEN = 20;

/**
 * The customer's order that may or may not have arrived. While there is one, no other may be
 * placed: only sending it again, under its own idempotency key, tells what became of it.
 */
export function pendingAttempt(customerId: string): Attempt | null {
  return stored.get()?.[customerId] ?? null;
}

export function usePendingAttempt(customerId: string): Attempt | null {
  return useSyncExternalStore(stored.subscribe, () => pendingAttempt(customerId));
}

/** What the attempt orders. */
export function requestOf({ body }: Pick<Attempt, "body">): OrderRequest {
  return JSON.parse(body) as OrderRequest;
}

/** Whether an order of this attempt may still be charged: an older one is given up by the shop. */
export function isRecent({ sentAt }: Attempt, maxAgeMinutes: number): boolean {
  return Math.abs(Date.now() - sentAt) < maxAgeMinutes * 60_000;
}

/**
 * A new attempt, or the pending one if it was sent, whatever `request` says: one that never was
 * gives way to another wish. Null if `isCurrent` says, once it is this tab's turn, that another tab
 * has ordered the basket meanwhile.
 */
export function beginAttempt(
  customerId: string,
  request: OrderRequest,
  isCurrent: () => boolean,
): Promise<Attempt | null> {
  const body = JSON.stringify(request);
  // Two that look at the same moment would both see that none is pending.
  return oneTabAtATime(() => {
    const pending = pendingAttempt(customerId);
    if (pending && (pending.sends > 0 || pending.body === body)) return pending;
    if (!isCurrent()) return null;
    // As long as it will be once it is sent: no full storage may keep that from being written.
    const sentAt = Date.now();
    return keep({ key: crypto.randomUUID(), customerId, body, sends: 0, sentAt });
  });
}

/** To be called before each send. False if it must not be sent: it was forgotten, or gave way. */
export function countSend(sent: Attempt): Promise<boolean> {
  return oneTabAtATime(() => {
    const pending = pendingAttempt(sent.customerId);
    if (pending?.key !== sent.key) return sentHere.has(sent.key) && !isForgotten(sent);
    sentHere.add(sent.key);
    keep({ ...pending, sends: pending.sends + 1, sentAt: Date.now() });
    return true;
  });
}

/** Gives up an attempt, unless it was sent again since it was read. */
export function forgetAttempt(given: Attempt): Promise<void> {
  return oneTabAtATime(() => {
    if (pendingAttempt(given.customerId)?.sends !== given.sends || !settleAttempt(given)) return;
    forgotten.set([...(forgotten.get() ?? []), given.key].slice(-MOST_FORGOTTEN));
  });
}

/** Whether this attempt, sent once now, can't have arrived earlier. */
export function wasSentOnce(sent: Attempt): boolean {
  const pending = pendingAttempt(sent.customerId);
  return pending?.key === sent.key && pending.sends === 1;
}

/**
 * The answer to this attempt is known: it was accepted, or refused for good. False if that was
 * known already, from another tab.
 */
export function settleAttempt({ key, customerId }: Attempt): boolean {
  if (pendingAttempt(customerId)?.key !== key) return false;
  const { [customerId]: _settled, ...others } = stored.get() ?? {};
  stored.set(others);
  return true;
}

function keep(kept: Attempt): Attempt {
  stored.set({ ...stored.get(), [kept.customerId]: kept });
  return kept;
}

function isForgotten({ key }: Attempt): boolean {
  return forgotten.get()?.includes(key) ?? false;
}

function oneTabAtATime<T>(act: () => T): Promise<T> {
  return navigator.locks.request("orders.attempts", async () => act());
}

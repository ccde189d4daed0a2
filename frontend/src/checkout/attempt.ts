import { useSyncExternalStore } from "react";
import * as v from "valibot";

import type { components } from "../api/schema";
import { Stored } from "../storage";

export type OrderRequest = components["schemas"]["OrderRequest"];

/** An order on its way: from before its first request until the answer to it is known. */
export type Attempt = { key: string; customerId: string; request: OrderRequest; sends: number };

const money = v.object({ amount: v.number(), currency: v.string() });
const attempt: v.GenericSchema<unknown, Attempt> = v.object({
  key: v.string(),
  customerId: v.string(),
  request: v.object({
    lines: v.array(v.object({ productId: v.string(), quantity: v.number() })),
    expectedTotal: money,
    paymentMethod: v.string(),
    name: v.exactOptional(v.string()),
  }),
  sends: v.number(),
});

// In localStorage, so that it outlives a reload and a second tab goes on with the same order. By
// customer: whoever signs in next on this computer neither sends nor overwrites it.
const stored = new Stored("orders.attempts", v.record(v.string(), attempt));

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

/**
 * A new attempt, or the pending one if there is any, whatever `request` says. Null if `isCurrent`
 * says, once it is this tab's turn, that another tab has ordered the basket meanwhile.
 */
export function beginAttempt(
  customerId: string,
  request: OrderRequest,
  isCurrent: () => boolean,
): Promise<Attempt | null> {
  // One tab at a time: two that look at the same moment would both see that none is pending.
  return navigator.locks.request("orders.attempts", () => {
    const pending = pendingAttempt(customerId);
    if (pending) return pending;
    if (!isCurrent()) return null;
    return keep({ key: crypto.randomUUID(), customerId, request, sends: 0 });
  });
}

/** To be called before each send. */
export function countSend(sent: Attempt): void {
  const pending = pendingAttempt(sent.customerId);
  if (pending?.key === sent.key) keep({ ...pending, sends: pending.sends + 1 });
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

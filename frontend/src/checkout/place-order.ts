import { useMutation } from "@tanstack/react-query";
import * as v from "valibot";

import { answerOf, api, BAD_GATEWAY } from "../api/client";
import { ORDER_ID } from "../api/contract";
import { ApiError, isTransient } from "../api/problem";
import { pause } from "../api/query-client";
import { removeOrdered } from "../basket/basket";
import { toast } from "../components/toasts";
import { currentSession } from "../session/session";
import { type Attempt, countSend, requestOf, settleAttempt, wasSentOnce } from "./attempt";

const MOST_RETRIES = 6;
// The shop's own verdicts on what was sent: it never accepted this, whenever it came.
const VERDICTS: ReadonlySet<number> = new Set([400, 413, 415, 422]);
const refusals = new WeakSet<Error>();
const accepted = v.looseObject({ orderId: v.pipe(v.string(), v.regex(ORDER_ID)) });

/**
 * Sends an attempt until its outcome is known, or pauses while there is no connection. All sends
 * carry the attempt's idempotency key, so however many arrive, it is one order.
 */
export function usePlaceOrder() {
  return useMutation({
    mutationFn: send,
    retry: (count, error) => count < MOST_RETRIES && isTransient(error),
    retryDelay: pause,
    onSuccess: ({ orderId }, attempt, _nothing, { client }) => {
      // Once: what another tab has put into the basket since is not part of this order.
      if (settleAttempt(attempt)) removeOrdered(requestOf(attempt).lines);
      window.setTimeout(() => sayWherever(orderId));
      void client.invalidateQueries({ queryKey: ["orders", attempt.customerId], exact: true });
    },
    onError: (error, attempt) => {
      if (error instanceof GivenUp) toast("That order was given up, so it was not sent again");
      if (!isRefusal(error, attempt)) return;
      refusals.add(error);
      settleAttempt(attempt);
    },
  });
}

class GivenUp extends Error {}

/** Whether this error of a send means that nothing was ordered. */
export function wasRefused(error: Error): boolean {
  return refusals.has(error);
}

/** The page that sent it leads to the order by now, if it is still there. */
function sayWherever(orderId: string): void {
  if (window.location.pathname !== `/orders/${orderId}`) {
    toast("Your order was placed: see My orders");
  }
}

/** Whether nothing was, or will be, ordered under this attempt's key. */
function isRefusal(error: Error, attempt: Attempt): boolean {
  if (!(error instanceof ApiError) || error.isTransient || error.status === 401) return false;
  // Anything else, such as a firewall's 403 or a proxy's 400, says nothing about an earlier send.
  return (error.isFromApi && VERDICTS.has(error.status)) || wasSentOnce(attempt);
}

async function send(attempt: Attempt) {
  if (currentSession()?.customerId !== attempt.customerId) throw new ApiError(401);
  if (!(await countSend(attempt))) throw new GivenUp();
  const answer = await answerOf(
    api.POST("/api/orders", {
      params: { header: { "Idempotency-Key": attempt.key } },
      body: requestOf(attempt),
      // As it was sent before, if it was: under its key another body would be refused.
      bodySerializer: () => attempt.body,
    }),
  );
  // Whatever came instead of an order's id, the order may be there.
  if (!v.is(accepted, answer)) throw new ApiError(BAD_GATEWAY);
  return answer;
}

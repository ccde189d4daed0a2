import type { PaymentIntent, PaymentIntentOrSetupIntentResult } from "@stripe/stripe-js";
import type { QueryClient } from "@tanstack/react-query";

import { stripeQuery } from "../stripe";
import type { Outcome } from "./bank-approval";

/** Asks in Stripe's own frame, over this page. Rejects if Stripe.js can't be had. */
export async function askInFrame(
  client: QueryClient,
  publishableKey: string,
  clientSecret: string,
): Promise<Outcome> {
  const stripe = await client.fetchQuery(stripeQuery(publishableKey));
  if (stripe === null) throw new Error("Stripe.js is not there");
  try {
    return outcomeOf(await stripe.handleNextAction({ clientSecret }));
  } catch {
    // "It will throw an error if the PaymentIntent has a different status", for instance because it
    // was approved in another tab: https://docs.stripe.com/js/payment_intents/handle_next_action
    return "unclear";
  }
}

// https://docs.stripe.com/payments/paymentintents/lifecycle
const OUTCOMES: Partial<Record<PaymentIntent.Status, Outcome>> = {
  requires_action: "open",
  processing: "approved",
  requires_capture: "approved",
  succeeded: "approved",
  requires_payment_method: "refused",
  canceled: "refused",
};

/** A frame that was closed has failed as one in which the payment was refused:
 * https://github.com/stripe/stripe-js/issues/275 */
function outcomeOf({ error, paymentIntent }: PaymentIntentOrSetupIntentResult): Outcome {
  const status = (paymentIntent ?? error?.payment_intent)?.status;
  if (status !== undefined) return OUTCOMES[status] ?? "unclear";
  return error?.code === "payment_intent_authentication_failure" ? "refused" : "unclear";
}

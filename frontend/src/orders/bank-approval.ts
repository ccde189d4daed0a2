import type { QueryClient } from "@tanstack/react-query";

import { loadSettings } from "../settings";

/** How asking for the customer's approval ended. Only the order's status says what became of it. */
export type Outcome =
  | "approved"
  /** This payment can't be approved any more. */
  | "refused"
  /** Not yet: the customer can still approve it. */
  | "open"
  | "unclear";

const asked = new Map<string, Promise<Outcome | null>>();

/**
 * Asks the customer to approve the payment of this client secret: Stripe.js in a frame over this page,
 * the sandbox on a page of its own, which leads back; until then the outcome is null. Once at a time:
 * a call in the meantime has the same answer. Rejects if the customer could not be asked.
 */
export function askForApproval(client: QueryClient, clientSecret: string): Promise<Outcome | null> {
  const asking =
    asked.get(clientSecret) ??
    ask(client, clientSecret).finally(() => asked.delete(clientSecret));
  asked.set(clientSecret, asking);
  return asking;
}

async function ask(client: QueryClient, clientSecret: string): Promise<Outcome | null> {
  const { paymentGateway, paymentSandboxUrl, stripePublishableKey } = await loadSettings();
  if (paymentGateway === "sandbox") {
    window.location.assign(bankPage(paymentSandboxUrl, clientSecret));
    return null;
  }
  const { askInFrame } = await import("./stripe-approval");
  return askInFrame(client, stripePublishableKey ?? "", clientSecret);
}

/** An intent's id is the part of its client secret before `_secret_`. The sandbox's address may have a path. */
function bankPage(sandbox: string, clientSecret: string): string {
  const [intentId = ""] = clientSecret.split("_secret_");
  const page = new URL(`${sandbox}/bank/${encodeURIComponent(intentId)}`);
  page.searchParams.set("payment_intent_client_secret", clientSecret);
  return page.href;
}

/**
 * What the bank's page says on the way back, in the address; undefined if that is of another payment,
 * or of none.
 */
export function outcomeInAddress(query: URLSearchParams, clientSecret: string): Outcome | undefined {
  if (query.get("payment_intent_client_secret") !== clientSecret) return undefined;
  switch (query.get("redirect_status")) {
    case "succeeded":
      return "approved";
    case "failed":
      return "refused";
    default:
      return "open";
  }
}

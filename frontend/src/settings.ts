import { useQuery } from "@tanstack/react-query";
import * as v from "valibot";

import { pause } from "./api/query-client";

/** What the stack tells the site in `/config.json`: one build serves every stack. */
export type Settings = v.InferOutput<typeof schema>;

/** What holds until the stack's own settings are there. */
export const DEFAULTS = { orderMaxAgeMinutes: 60 };

const schema = v.object({
  signInUrl: v.pipe(v.string(), v.url()),
  issuer: v.pipe(v.string(), v.url()),
  clientId: v.string(),
  paymentGateway: v.picklist(["sandbox", "stripe"]),
  stripePublishableKey: v.optional(v.string()),
  // A new build may meet the settings of the one before.
  sendsMail: v.optional(v.boolean(), false),
  orderMaxAgeMinutes: v.optional(v.number(), DEFAULTS.orderMaxAgeMinutes),
  /** The sandbox's address, without a slash at its end; empty with Stripe. */
  paymentSandboxUrl: v.optional(v.string(), ""),
});

/** The settings as a query: of what a page shows of them, the answer may still be on its way. */
export function useSettings() {
  return useQuery({
    queryKey: ["settings"],
    queryFn: loadSettings,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 3,
    retryDelay: pause,
  });
}

const PATIENCE = 20_000; // milliseconds

let loading: Promise<Settings> | undefined;

/** The settings, fetched once. Rejects if they can't be had; the next call tries again. */
export function loadSettings(): Promise<Settings> {
  loading ??= fetchSettings().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchSettings(): Promise<Settings> {
  const response = await fetch("/config.json", { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return v.parse(schema, await response.json());
}

import * as v from "valibot";

/** What the stack tells the site in `/config.json`: one build serves every stack. */
export type Settings = v.InferOutput<typeof schema>;

const schema = v.object({
  signInUrl: v.pipe(v.string(), v.url()),
  issuer: v.pipe(v.string(), v.url()),
  clientId: v.string(),
  paymentGateway: v.picklist(["sandbox", "stripe"]),
  stripePublishableKey: v.optional(v.string()),
});

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

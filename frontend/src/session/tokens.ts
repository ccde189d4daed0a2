import * as v from "valibot";

/** A signed-in customer's tokens and the ID token's claims. `expires_at` is in seconds since 1970. */
export type Tokens = v.InferOutput<typeof schema>;

// In sessionStorage: gone with the tab, and out of reach of other tabs and sites.
const KEY = "orders.session";
const schema = v.object({
  id_token: v.string(),
  refresh_token: v.string(),
  expires_at: v.number(),
  profile: v.looseObject({ sub: v.string(), email: v.string() }),
});

let seen: { text: string | null; tokens: Tokens | null } = { text: null, tokens: null };

/** The same object as before while nothing has changed. */
export function storedTokens(): Tokens | null {
  const text = sessionStorage.getItem(KEY);
  if (text !== seen.text) seen = { text, tokens: parse(text) };
  return seen.tokens;
}

export function storeTokens(tokens: Tokens | null): void {
  if (tokens === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(tokens));
}

function parse(text: string | null): Tokens | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text ?? "null"));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

import * as v from "valibot";

import { Stored } from "../storage";

/** A signed-in customer's tokens and the ID token's claims. `expires_at` is in seconds since 1970. */
export type Tokens = v.InferOutput<typeof schema>;

const schema = v.object({
  id_token: v.string(),
  refresh_token: v.string(),
  expires_at: v.number(),
  profile: v.looseObject({ sub: v.string(), email: v.string() }),
});

// In sessionStorage: gone with the tab, and out of reach of other tabs and sites.
export const storedTokens = new Stored("orders.session", schema, () => sessionStorage);

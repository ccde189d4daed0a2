import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";

import { createQueryClient } from "../src/api/query-client";
import { App } from "../src/app/app";
import { type BasketLine, lines } from "../src/basket/basket";
import { storedTokens } from "../src/session/tokens";

/** A customer as the site keeps one who has signed in. */
export function signInAs(
  customerId: string,
  secondsLeft = 3600,
  idToken = `token-of-${customerId}`,
): void {
  storedTokens.set({
    id_token: idToken,
    refresh_token: `refresh-of-${customerId}`,
    expires_at: Math.floor(Date.now() / 1000) + secondsLeft,
    profile: { sub: customerId, email: `${customerId}@example.com` },
  });
}

/** From now on the browser keeps nothing for the site. */
export function refuseStorage(): void {
  for (const method of ["getItem", "setItem", "removeItem"] as const) {
    vi.spyOn(Storage.prototype, method).mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
  }
}

/** What another page of the site has left in the basket. */
export function fillBasket(...filled: [productId: string, quantity: number, seen: number][]): void {
  const kept = filled.map(
    ([productId, quantity, amount]): BasketLine => ({
      productId,
      quantity,
      seenPrice: { amount, currency: "USD" },
    }),
  );
  localStorage.setItem("orders.basket", JSON.stringify(kept));
}

export function basket(): Record<string, number> {
  return Object.fromEntries(lines().map(({ productId, quantity }) => [productId, quantity]));
}

/** Opens the site at `path`, with nothing cached, as a reload does. */
export function visit(path: string) {
  window.history.pushState(null, "", path);
  const client = createQueryClient();
  const { queries } = client.getDefaultOptions();
  client.setDefaultOptions({ queries: { ...queries, retryDelay: 1 } });
  const page = render(
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>,
  );
  return { ...page, user: userEvent.setup() };
}

import { type ComponentType, lazy } from "react";

import BasketPage from "./basket/basket-page";
import CataloguePage from "./catalogue/catalogue-page";
import ProductPage from "./catalogue/product-page";
import { loadSettings } from "./settings";

type Page = { path: string; component: ComponentType; load?: () => Promise<unknown> };

/** Every page, by its path in wouter's terms. What only a buyer needs is loaded when needed. */
export const pages: Page[] = [
  { path: "/", component: CataloguePage },
  { path: "/products/:productId", component: ProductPage },
  { path: "/basket", component: BasketPage },
  later("/checkout", () => {
    // The card field needs them as soon as it is there; a failure shows there.
    loadSettings().catch(() => undefined);
    return import("./checkout/checkout-page");
  }),
  later("/orders", () => import("./orders/orders-page")),
  later("/orders/:orderId", () => import("./orders/order-page")),
  later("/signed-in", () => import("./session/signed-in-page")),
];

/** Fetches the code of the page at this path ahead of time. */
export function loadPage(path: string): void {
  const found = pages.find((each) => pattern(each.path).test(path));
  // A failure shows when the page itself is rendered.
  found?.load?.().catch(() => undefined);
}

function later(path: string, load: () => Promise<{ default: ComponentType } | undefined>): Page {
  // Nothing comes while the page is being reloaded for new code; until then it stays as it is.
  const component = lazy(async () => (await load()) ?? new Promise<never>(() => undefined));
  return { path, component, load };
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}/?$`);
}

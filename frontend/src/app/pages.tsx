import { type ComponentType, lazy } from "react";

import { AddButton } from "../basket/add-button";
import BasketPage from "../basket/basket-page";
import { Buy } from "../basket/buy";
import CataloguePage from "../catalogue/catalogue-page";
import ProductPage from "../catalogue/product-page";
import { OfflineError } from "../components/crash-page";
import { loadSettings } from "../settings";

type Page = { path: string; component: ComponentType; load?: () => Promise<unknown> };

/** Every page, by its path in wouter's terms. What only a buyer needs is loaded when needed. */
export const pages: Page[] = [
  // The catalogue knows no basket: here they meet.
  { path: "/", component: () => <CataloguePage Action={AddButton} /> },
  { path: "/products/:productId", component: () => <ProductPage Action={Buy} /> },
  { path: "/basket", component: BasketPage },
  later("/checkout", () => {
    // The card field needs them as soon as it is there; a failure shows there.
    loadSettings().catch(() => undefined);
    return import("../checkout/checkout-page");
  }),
  later("/orders", () => import("../orders/orders-page")),
  later("/orders/:orderId", () => import("../orders/order-page")),
  later("/signed-in", () => import("../session/signed-in-page")),
];

/** Fetches the code of the page at this path ahead of time. */
export function loadPage(path: string): void {
  const found = pages.find((each) => pattern(each.path).test(path));
  // A failure shows when the page itself is rendered.
  found?.load?.().catch(() => undefined);
}

function later(path: string, load: () => Promise<{ default: ComponentType } | undefined>): Page {
  const page: Page = { path, component: fresh(), load };
  return page;

  function fresh(): ComponentType {
    return lazy(async () => {
      try {
        // Nothing comes while the page is being reloaded for new code; until then it stays as it is.
        return (await load()) ?? (await new Promise<never>(() => undefined));
      } catch (error) {
        // React remembers the failure; the next visit is a new try.
        page.component = fresh();
        throw navigator.onLine ? error : new OfflineError("no connection", { cause: error });
      }
    });
  }
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}/?$`);
}

import { http, HttpResponse } from "msw/http";
import { setupServer } from "msw/node";

import type { components } from "../src/api/schema";
import type { Settings } from "../src/settings";

type Schemas = components["schemas"];
export type Order = Schemas["Order"];

/** How a POST of an order ends, other than well. */
type Ending =
  /** The request did not arrive. */
  | "lost"
  /** It arrived, its order was made, and the answer did not come through. */
  | "unanswered"
  /** No answer, and no end of the connection either. */
  | "silent"
  /** It arrived, and instead of the API's answer comes this one. */
  | { instead: () => Response }
  | { status: number; problem?: Partial<Schemas["Problem"]> };

const SETTINGS: Settings = {
  signInUrl: "https://login.test",
  issuer: "https://issuer.test",
  clientId: "web",
  paymentGateway: "sandbox",
  paymentSandboxUrl: "https://bank.test/sandbox",
  sendsMail: true,
  orderMaxAgeMinutes: 60,
};

const usd = (amount: number): Schemas["Money"] => ({ amount, currency: "USD" });

export function aProduct(productId: string, amount: number, available = 10): Schemas["Product"] {
  const name = productId[0]?.toUpperCase() + productId.slice(1);
  const image = `/images/${productId}.svg`;
  return { productId, name, description: `A ${productId}.`, price: usd(amount), available, image };
}

const at = (index: number) => `2026-11-22T10:00:0${index}.000Z`;

/** An order that has come through these statuses, one second apart, and stands at the last. */
export function anOrder(statuses: Schemas["OrderStatus"][], changed: Partial<Order> = {}): Order {
  const status = statuses.at(-1) ?? "RECEIVED";
  return {
    orderId: "ORDERA2222222222222222222A",
    status,
    version: statuses.length,
    createdAt: at(0),
    settled: hasEnded(status) && (status !== "CONFIRMED" || changed.receiptAvailable === true),
    lines: [{ productId: "notebook", name: "Notebook", quantity: 2, unitPrice: usd(1850) }],
    total: usd(3700),
    timeline: statuses.map((each, index) => ({ status: each, at: at(index) })),
    receiptAvailable: false,
    ...changed,
  };
}

const hasEnded = (status: Schemas["OrderStatus"]) =>
  ["CONFIRMED", "REJECTED", "CANCELLED"].includes(status);

/** An order that waits for the customer's approval, for so many minutes more. */
export function anAwaitingOrder(minutes = 15): Order {
  const approveBy = new Date(Date.now() + minutes * 60_000).toISOString();
  const clientSecret = "pi_1_secret_2";
  return anOrder(["RECEIVED", "VALIDATED", "AWAITING_PAYMENT"], { action: { clientSecret, approveBy } });
}

/** The order one step later. */
export function after({ action: _gone, ...order }: Order, status: Schemas["OrderStatus"]): Order {
  const timeline = [...order.timeline, { status, at: at(order.version) }];
  const settled = hasEnded(status) && status !== "CONFIRMED";
  return { ...order, status, version: order.version + 1, timeline, settled };
}

/** The order as it is listed. */
export function listed(order: Order): Schemas["OrderSummary"] {
  const { orderId, status, version, createdAt, total } = order;
  return { orderId, status, version, createdAt, settled: hasEnded(status), total };
}

/** The shop behind the API: what it has, what it was sent, and how it fails next. */
class Shop {
  settings = SETTINGS;
  products = [aProduct("notebook", 1850), aProduct("cup", 3400), aProduct("lamp", 18900, 3)];
  /** Newest first, as they are listed. */
  orders: Order[] = [];
  /** One after the other for the next POSTs; after them all goes well. */
  endings: Ending[] = [];
  /** If set, the status that every GET answers. */
  failing = 0;
  readonly posts: { key: string; token: string | null; body: Schemas["OrderRequest"]; text: string }[] = [];
  /** The path of every POST that cancels. */
  readonly cancels: string[] = [];
  /** The path of every GET. */
  readonly reads: string[] = [];
  readonly #placed = new Map<string, Order>();

  reset(): void {
    Object.assign(this, new Shop());
    this.posts.length = 0;
    this.reads.length = 0;
    this.cancels.length = 0;
    this.#placed.clear();
  }

  /** How many orders were made by POSTs. */
  get placed(): number {
    return this.#placed.size;
  }

  /** The order of this key, made now if it isn't there. */
  place(key: string, body: Schemas["OrderRequest"]): Order {
    const placed =
      this.#placed.get(key) ??
      anOrder(["RECEIVED"], {
        orderId: `NEW${"ABCDEFGH"[this.placed]}`.padEnd(26, "2"),
        lines: body.lines,
        total: body.expectedTotal,
      });
    if (!this.#placed.has(key)) this.orders = [placed, ...this.orders];
    this.#placed.set(key, placed);
    return placed;
  }

  /** Notes the GET; the answer if it is to fail. */
  read(path: string): Response | undefined {
    this.reads.push(path);
    if (this.failing === 0) return undefined;
    return problem(this.failing, { title: "The shop is tired" });
  }
}

export const shop = new Shop();

export function problem(status: number, details: Partial<Schemas["Problem"]> = {}) {
  const body: Schemas["Problem"] = { type: "about:blank", title: `Status ${status}`, status, ...details };
  return HttpResponse.json(body, {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

const ORIGIN = window.location.origin;

export const server = setupServer(
  http.get(`${ORIGIN}/config.json`, () => HttpResponse.json(shop.settings)),
  http.post(`${SETTINGS.signInUrl}/oauth2/token`, () =>
    HttpResponse.json({ error: "invalid_grant" }, { status: 400 }),
  ),
  http.get(`${ORIGIN}/api/products`, () => {
    const body: Schemas["ProductList"] = { products: shop.products };
    return shop.read("/api/products") ?? HttpResponse.json(body);
  }),
  http.post<never, Schemas["OrderRequest"]>(`${ORIGIN}/api/orders`, async ({ request }) => {
    const key = request.headers.get("Idempotency-Key") ?? "";
    const text = await request.text();
    const body = JSON.parse(text) as Schemas["OrderRequest"];
    shop.posts.push({ key, token: request.headers.get("Authorization"), body, text });
    const ending = shop.endings.shift();
    if (ending === "lost") return HttpResponse.error();
    if (typeof ending === "object" && "status" in ending) {
      return problem(ending.status, ending.problem);
    }
    const { orderId, status, version } = shop.place(key, body);
    if (typeof ending === "object") return ending.instead();
    if (ending === "unanswered") return HttpResponse.error();
    if (ending === "silent") await new Promise(() => undefined);
    const accepted: Schemas["OrderAccepted"] = { orderId, status, version };
    return HttpResponse.json(accepted, { status: 202 });
  }),
  http.get(`${ORIGIN}/api/orders`, ({ request }) => {
    const url = new URL(request.url);
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const body: Schemas["OrderList"] = { orders: shop.orders.slice(start, start + PAGE).map(listed) };
    if (shop.orders.length > start + PAGE) body.cursor = `${start + PAGE}`;
    return shop.read(url.pathname + url.search) ?? HttpResponse.json(body);
  }),
  http.get<{ orderId: string }>(`${ORIGIN}/api/orders/:orderId`, ({ params: { orderId } }) => {
    const order = shop.orders.find((each) => each.orderId === orderId);
    const refused = shop.read(`/api/orders/${orderId}`);
    return refused ?? (order ? HttpResponse.json(order) : problem(404));
  }),
  http.post<{ orderId: string }>(`${ORIGIN}/api/orders/:orderId/cancel`, ({ params, request }) => {
    shop.cancels.push(new URL(request.url).pathname);
    const order = shop.orders.find((each) => each.orderId === params.orderId);
    if (order === undefined) return problem(404);
    const cancelling = order.status === "AWAITING_PAYMENT" ? after(order, "CANCELLING") : order;
    shop.orders = shop.orders.map((each) => (each === order ? cancelling : each));
    const { orderId, status, version } = cancelling;
    const accepted: Schemas["OrderAccepted"] = { orderId, status, version };
    return HttpResponse.json(accepted, { status: 202 });
  }),
  http.get<{ orderId: string }>(`${ORIGIN}/api/orders/:orderId/receipt`, ({ params }) => {
    const body: Schemas["Receipt"] = {
      url: `https://receipts.test/${params.orderId}.pdf`,
      expiresAt: "2026-11-22T10:05:00.000Z",
    };
    return shop.read(`/api/orders/${params.orderId}/receipt`) ?? HttpResponse.json(body);
  }),
);

const PAGE = 3;

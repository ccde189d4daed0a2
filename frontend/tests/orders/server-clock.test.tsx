import { QueryClient } from "@tanstack/react-query";
import { cleanup, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw/http";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { orderQuery, ordersQuery } from "../../src/orders/orders";
import { anOrder, type Order, server } from "../server";
import { signInAs, visit } from "../visit";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const LATE = /takes longer than usual/;
const WAY: Order["status"][] = ["VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"];

/** Every test has a day of its own, because the server's clock never goes back. */
let today = Date.parse("2026-11-22T10:00:00.000Z");
const time = (later: number) => new Date(today + later);

/** An order that was placed at the beginning of the day and hasn't moved since. */
function still(...statuses: Order["status"][]): Order {
  const placed = time(0).toISOString();
  const order = anOrder(["RECEIVED", ...statuses], { createdAt: placed });
  return { ...order, timeline: order.timeline.map((entry) => ({ ...entry, at: placed })) };
}

/** The API answers with this order, so much later by the server's clock. */
function answers(order: Order, later?: number): void {
  const headers = later === undefined ? {} : { Date: time(later).toUTCString() };
  const { origin } = window.location;
  server.use(
    http.get(`${origin}/api/orders`, () => HttpResponse.json({ orders: [order] }, { headers })),
    http.get(`${origin}/api/orders/:orderId`, () => HttpResponse.json(order, { headers })),
  );
}

function browserClockIs(wrongBy: number): void {
  vi.spyOn(Date, "now").mockReturnValue(time(wrongBy).getTime());
}

/** Milliseconds until the order's page, and the list of orders, ask again. */
async function intervals(order: Order): Promise<unknown[]> {
  const client = new QueryClient();
  const one = orderQuery(order.orderId, "ada");
  const list = ordersQuery("ada");
  await client.fetchQuery(one);
  await client.fetchInfiniteQuery(list);
  return [one, list].map(({ queryKey, refetchInterval }) => {
    const query = client.getQueryCache().find({ queryKey, exact: true });
    return typeof refetchInterval === "function" ? refetchInterval(query as never) : refetchInterval;
  });
}

async function situation(order: Order): Promise<HTMLElement> {
  visit(`/orders/${order.orderId}`);
  await screen.findByText("Notebook");
  const region = screen.getAllByRole("status").find((each) => each.matches(".order-now *"));
  if (region === undefined) throw new Error("the page does not say what happens to the order");
  return region;
}

beforeEach(() => {
  today += 10 * DAY;
  signInAs("ada", 1_000 * DAY);
});

describe.each([
  ["right", 0],
  ["an hour slow", -HOUR],
  ["an hour fast", HOUR],
])("with a browser's clock that is %s", (_how, wrongBy) => {
  beforeEach(() => browserClockIs(wrongBy));

  it("an order is asked for each second while it is new, and then every five", async () => {
    answers(still(), 5 * SECOND);
    expect((await intervals(still()))[0]).toBe(1_000);
    answers(still(), 40 * SECOND);
    expect((await intervals(still()))[0]).toBe(5_000);
  });

  it("the list is asked for less and less while an order of it does not move", async () => {
    answers(still(), 5 * SECOND);
    expect((await intervals(still()))[1]).toBe(5_000);
    answers(still(), 600 * SECOND);
    expect((await intervals(still()))[1]).toBeCloseTo(30_000, -3);
    answers(still(), 3 * DAY);
    expect((await intervals(still()))[1]).toBe(60_000);
  });

  it("an order says that it takes long after two minutes without a step, and not before", async () => {
    answers(still(), 100 * SECOND);
    expect(await situation(still())).not.toHaveTextContent(LATE);
    cleanup();
    answers(still(), 130 * SECOND);
    expect(await situation(still())).toHaveTextContent(/ a mail will tell you how it ends\.$/);
  });

  it("a payment can be approved until its time is over, and not after", async () => {
    const order = still("VALIDATED", "AWAITING_PAYMENT");
    order.action = { clientSecret: "pi_1_secret_2", approveBy: time(900 * SECOND).toISOString() };
    answers(order, 890 * SECOND);
    expect(await situation(order)).toHaveTextContent(/^Your bank wants you to approve/);
    cleanup();
    answers(order, 901 * SECOND);
    expect(await situation(order)).toHaveTextContent(/^The time to approve the payment .* is over\./);
  });
});

describe("an order that has not moved for long", () => {
  it.each([
    ["the customer's approval", still("VALIDATED", "AWAITING_PAYMENT")],
    ["what only a newer API knows", still("SHIPPED" as Order["status"])],
    ["nothing any more", { ...still(...WAY), receiptAvailable: true, settled: true }],
  ])("is not late while it waits for %s", async (_what, { timeline: steps, ...order }) => {
    const timeline = steps.map((entry) => ({ ...entry, at: time(0).toISOString() }));
    answers({ ...order, createdAt: time(0).toISOString(), timeline }, DAY);
    expect(await situation({ ...order, timeline })).not.toHaveTextContent(LATE);
  });

  it("promises no mail for the receipt alone", async () => {
    answers(still(...WAY), DAY);
    expect(await situation(still(...WAY))).toHaveTextContent(
      /\. The receipt takes longer than usual; it will be on this page later\.$/,
    );
  });

  it("is known by how long the page has watched, if the server's time is not", async () => {
    answers(still());
    expect(await situation(still())).not.toHaveTextContent(LATE);
    const { now } = performance;
    vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + 130 * SECOND);
    expect(await screen.findByText(LATE)).toBeInTheDocument();
  });
});

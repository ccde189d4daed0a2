import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";

import { ApiError } from "../../src/api/problem";
import { orderQuery } from "../../src/orders/orders";
import { anOrder, type Order, shop } from "../server";
import { signInAs } from "../visit";

const WAY: Order["status"][] = [
  "RECEIVED",
  "VALIDATED",
  "PAYMENT_AUTHORIZED",
  "INVENTORY_RESERVED",
  "CONFIRMED",
];
const LONG_AGO = "2020-01-01T00:00:00.000Z";

/** An order that has just come to this step. */
function moving(steps: number): Order {
  const at = new Date().toISOString();
  const { timeline, ...order } = anOrder(WAY.slice(0, steps), { createdAt: LONG_AGO });
  return { ...order, timeline: timeline.map((entry) => ({ ...entry, at })) };
}
const done = () => anOrder(WAY, { receiptAvailable: true });

/** Milliseconds until an order that is known like this is asked for again. */
function interval(data: Order | undefined, error: Error | null = null) {
  const { refetchInterval } = orderQuery("x", "ada");
  if (typeof refetchInterval !== "function") return refetchInterval;
  return refetchInterval({ state: { data, error } } as Parameters<typeof refetchInterval>[0]);
}

describe("an order's page asks again", () => {
  it("until the order is settled, and less often once it stands still", () => {
    expect(interval(done())).toBe(false);
    expect(interval(anOrder(WAY))).not.toBe(false);
    expect(interval(moving(4))).toBe(1_000);
    expect(interval({ ...moving(1), timeline: [{ status: "RECEIVED", at: LONG_AGO }] })).toBe(5_000);
    // Whatever the status: the API says it.
    expect(interval({ ...moving(4), settled: true })).toBe(false);
    const declined = anOrder(["RECEIVED", "REJECTING", "REJECTED"], { reason: "PAYMENT_DECLINED" });
    expect(interval({ ...declined, settled: false })).not.toBe(false);
  });

  it("for an order that could not be had, and not for one that is not there", () => {
    expect(interval(undefined, new ApiError(404))).toBe(false);
    expect(interval(undefined, new ApiError(503))).not.toBe(false);
  });

  it("never takes the order back to an older version", async () => {
    signInAs("ada");
    const client = new QueryClient();
    const order = done();
    shop.orders = [order];
    const query = { ...orderQuery(order.orderId, "ada"), staleTime: 0 };
    await client.fetchQuery(query);
    shop.orders = [moving(2)];
    await client.fetchQuery(query);
    expect(client.getQueryData(query.queryKey)?.status).toBe("CONFIRMED");
  });
});

import { describe, expect, it } from "vitest";

import { MOST_STEPS, stepsOf } from "../../src/orders/steps";
import { anOrder, type Order } from "../server";

const states = (order: Order) => stepsOf(order).map(({ state }) => state);
const current = (order: Order) => stepsOf(order).find(({ state }) => state === "now")?.title;

describe("the timeline", () => {
  it.each([
    [["RECEIVED"], "Checking prices and stock"],
    [["RECEIVED", "VALIDATED"], "Asking your bank"],
    [["RECEIVED", "VALIDATED", "AWAITING_PAYMENT"], "Waiting for your approval"],
    [["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED"], "Reserving your items"],
    [["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED"], "Taking the payment"],
  ] satisfies [Order["timeline"][number]["status"][], string][])(
    "has one step in progress after %j: %s",
    (statuses, title) => {
      const order = anOrder(statuses);
      expect(states(order).filter((state) => state === "now")).toHaveLength(1);
      expect(current(order)).toBe(title);
      expect(states(order)).toHaveLength(MOST_STEPS);
    },
  );

  it("is done with its last step when the receipt is there, and not before", () => {
    const way = ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"] as const;
    expect(current(anOrder([...way]))).toBe("Writing your receipt");
    expect(states(anOrder([...way], { receiptAvailable: true }))).toEqual(Array(6).fill("done"));
  });

  it("gives every step its own time, and none to what is to come", () => {
    const order = anOrder(["RECEIVED", "VALIDATED"]);
    expect(stepsOf(order).map(({ at }) => at)).toEqual([
      "2026-11-22T10:00:00.000Z",
      "2026-11-22T10:00:01.000Z",
      ...Array(4).fill(undefined),
    ]);
  });

  it("promises nothing to a refused order: it ends where it was stopped", () => {
    const order = anOrder(["RECEIVED", "VALIDATED", "REJECTING"], { reason: "PAYMENT_DECLINED" });
    expect(states(order)).toEqual(["done", "done", "stopped", "now"]);
    const closed = anOrder(["RECEIVED", "VALIDATED", "REJECTING", "REJECTED"], {
      reason: "PAYMENT_DECLINED",
    });
    expect(states(closed)).toEqual(["done", "done", "stopped", "done"]);
  });

  it("shows a cancelled order's way back", () => {
    const way = ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"] as const;
    expect(current(anOrder([...way, "CANCELLING"]))).toBe("Cancelling and paying back");
    expect(current(anOrder([...way, "CANCELLING", "CANCELLED"]))).toBeUndefined();
    expect(stepsOf(anOrder([...way, "CANCELLING", "CANCELLED"])).length).toBeLessThanOrEqual(MOST_STEPS);
  });
});

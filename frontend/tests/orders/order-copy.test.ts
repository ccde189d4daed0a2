import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import texts from "../../../handlers/domain/refusals.json";
import { known, refusalOf, situation, STATUS } from "../../src/orders/order-copy";
import { stepsOf } from "../../src/orders/steps";
import { anOrder, type Order } from "../server";

type Status = Order["status"];
type Reason = NonNullable<Order["reason"]>;

const contract = readFileSync("../handlers/api/openapi.yaml", "utf8");
function values(schema: string): string[] {
  const [, list = ""] = new RegExp(`\\b${schema}:\\s+type: string\\s+enum: \\[([^\\]]+)\\]`).exec(contract) ?? [];
  return list.split(",").map((value) => value.trim());
}
const STATUSES = values("OrderStatus") as Status[];
const REASONS = values("RejectionReason") as Reason[];

function refused(reason: Reason, before: Status[], detail = "", ended = true): string {
  const statuses: Status[] = [...before, "REJECTING", ...(ended ? (["REJECTED"] as const) : [])];
  const order = anOrder(statuses, { reason });
  for (const entry of order.timeline) if (entry.status === "REJECTING") entry.detail = detail;
  return situation(order, (productId) => `the ${productId}`);
}

describe("the contract's enums", () => {
  it("are all there are words for", () => {
    expect(Object.keys(STATUS).toSorted()).toEqual(STATUSES.toSorted());
    expect(Object.keys(texts.reasons).toSorted()).toEqual(REASONS.toSorted());
  });

  it.each(STATUSES)("%s is explained in a sentence", (status) => {
    const order = anOrder(["RECEIVED", status], { reason: "OUT_OF_STOCK" });
    expect(situation(order, String)).toMatch(/^[A-Z$].+\.$/);
  });

  it.each(REASONS)("%s has its words, says that it costs nothing, and has a next thing to do", (reason) => {
    const words = refused(reason, ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED"]);
    expect(words).toMatch(/You pay nothing|You have not been charged/);
    const refusal = refusalOf(anOrder(["RECEIVED", "REJECTED"], { reason }));
    expect(refusal?.next).toMatch(/^[A-Z].+\.$/);
    expect(refusal?.action).toMatch(/^[A-Z]/);
  });
});

describe("a status or reason of a newer API", () => {
  const newer = "SHIPPED" as Status;

  it("is an order in progress, in a list, on its page and on its timeline", () => {
    expect(known(newer)).toEqual({ words: "In progress", tone: "moving", heading: "Order in progress" });
    const order = anOrder(["RECEIVED", "VALIDATED", newer]);
    expect(situation(order, String)).toBe("Your order is in progress.");
    expect(stepsOf(order).filter(({ state }) => state === "now")).toHaveLength(1);
  });

  it("is a refusal for a fault of the shop", () => {
    const reason = "FRAUD_SUSPECTED" as Reason;
    expect(refused(reason, ["RECEIVED"])).toBe(refused("SYSTEM_FAULT", ["RECEIVED"]));
    const order = anOrder(["RECEIVED", "REJECTING"], { reason });
    expect(refusalOf(order)).toEqual(refusalOf({ ...order, reason: "SYSTEM_FAULT" }));
  });
});

describe("a refusal", () => {
  it("names what is out of stock, and today's total after a change of price", () => {
    expect(refused("OUT_OF_STOCK", ["RECEIVED"], "cup, lamp")).toContain("the cup, the lamp");
    expect(refused("UNKNOWN_PRODUCT", ["RECEIVED"], "cup")).toContain("the cup");
    expect(refused("PRICE_CHANGED", ["RECEIVED"], "3900 USD")).toContain("$37.00; today it comes to $39.00");
    expect(refused("PRICE_CHANGED", ["RECEIVED"], "3900 EUR USD")).not.toContain("today it comes");
  });

  it("says what an order may come to", () => {
    const words = refused("AMOUNT_NOT_ACCEPTED", ["RECEIVED"], "3700 USD");
    expect(words).toContain("a payment of $37.00. An order has to come to at least $0.50 and at most $999,999.99.");
  });

  it("says when an eager customer can order again", () => {
    expect(refused("TOO_MANY_ORDERS", ["RECEIVED"])).toContain("more orders in ten minutes than we take");
    const order = anOrder(["RECEIVED", "REJECTED"], { reason: "TOO_MANY_ORDERS" });
    expect(refusalOf(order)?.next).toContain("ten minutes after your latest order");
  });

  it("says why the bank declined only where the customer can act on it", () => {
    expect(refused("PAYMENT_DECLINED", ["RECEIVED"], "INSUFFICIENT_FUNDS")).toContain("not enough money");
    expect(refused("PAYMENT_DECLINED", ["RECEIVED"], "STOLEN_CARD")).toContain("it did not tell us why");
  });

  it("claims a released hold only of money that was held", () => {
    const held: Status[] = ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED"];
    expect(refused("OUT_OF_STOCK", held)).toContain("The $37.00 held on your card has been released");
    expect(refused("OUT_OF_STOCK", held, "", false)).toContain("is being released");
    expect(refused("OUT_OF_STOCK", ["RECEIVED"])).toContain("nothing is held on your card");
    // The bank may have been asked, and its answer lost.
    expect(refused("SYSTEM_FAULT", ["RECEIVED", "VALIDATED"])).toContain("If an amount was held");
  });
});

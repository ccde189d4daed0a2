import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import {
  type Attempt,
  beginAttempt,
  countSend,
  forgetAttempt,
  pendingAttempt,
  requestOf,
} from "../../src/checkout/attempt";
import { shop } from "../server";
import { basket, fillBasket, signInAs, visit } from "../visit";

const MINUTE = 60_000;
const WISH = {
  lines: [{ productId: "lamp", quantity: 1 }],
  expectedTotal: { amount: 18900, currency: "USD" },
  paymentMethod: "pm_card_visa",
};
const LAMP: Attempt = {
  key: "of-the-lamp",
  customerId: "ada",
  body: JSON.stringify(WISH),
  sends: 1,
  sentAt: 0,
};

beforeEach(() => {
  signInAs("ada");
  fillBasket(["cup", 1, 3400]);
});

function left(changed: Record<string, unknown>): void {
  localStorage.setItem("orders.attempts", JSON.stringify({ ada: { ...LAMP, ...changed } }));
}

const sentLamps = () => shop.posts.filter(({ key }) => key === "of-the-lamp");
const payForCup = () => screen.findByRole("button", { name: "Pay $34.00" });

describe("an order that was never sent", () => {
  it("is nobody's order when the checkout is entered again", async () => {
    left({ sends: 0 });
    const { user } = visit("/checkout");
    await user.click(await payForCup());
    await screen.findByRole("heading", { level: 1, name: "Order in progress" });
    expect(sentLamps()).toEqual([]);
    expect(basket()).toEqual({});
  });

  it("is not sent by the tab that began it once another has withdrawn it", async () => {
    const lamp = await begun();
    await forgetAttempt(lamp);
    expect(await countSend(lamp)).toBe(false);
    expect(pendingAttempt("ada")).toBeNull();
  });

  it("can't be withdrawn any more once it is sent, and is sent again whoever settled it", async () => {
    const lamp = await begun();
    expect(await countSend(lamp)).toBe(true);
    await forgetAttempt(lamp);
    expect(pendingAttempt("ada")?.sends).toBe(1);
    localStorage.removeItem("orders.attempts");
    expect(await countSend(lamp)).toBe(true);
  });
});

const CUP = { ...WISH, lines: [{ productId: "cup", quantity: 1 }] };

async function begun(request = WISH): Promise<Attempt> {
  const attempt = await beginAttempt("ada", request, () => true);
  if (attempt === null) throw new Error("no attempt");
  return attempt;
}

describe("what a customer orders", () => {
  it("takes the place of another wish that was never sent, and that is not sent any more", async () => {
    const lamp = await begun();
    const cup = await begun(CUP);
    expect(requestOf(cup)).toEqual(CUP);
    expect(await countSend(lamp)).toBe(false);
    expect(await countSend(cup)).toBe(true);
  });

  it("is the same order as in another tab if it is the same wish, or if that was sent", async () => {
    const lamp = await begun();
    expect(await begun({ ...WISH })).toEqual(lamp);
    await countSend(lamp);
    expect((await begun(CUP)).key).toBe(lamp.key);
  });
});

describe("an order that was forgotten", () => {
  it("is not sent again by a page that waited to", async () => {
    const lamp = await begun();
    await countSend(lamp);
    await forgetAttempt({ ...lamp, sends: 1 });
    expect(pendingAttempt("ada")).toBeNull();
    expect(await countSend(lamp)).toBe(false);
  });

  it("is kept if it was sent again since the question", async () => {
    const lamp = await begun();
    await countSend(lamp);
    await countSend(lamp);
    await forgetAttempt({ ...lamp, sends: 1 });
    expect(pendingAttempt("ada")?.key).toBe(lamp.key);
  });
});

it("an order that another tab has settled is not called refused", async () => {
  shop.endings = Array.from({ length: 7 }, () => "unanswered" as const);
  const { user } = visit("/checkout");
  await user.click(await payForCup());
  await screen.findByText("We don't know yet whether your order has arrived.");
  localStorage.removeItem("orders.attempts");
  window.dispatchEvent(new StorageEvent("storage", { key: "orders.attempts" }));
  await payForCup();
  expect(screen.queryByText(/Nothing was ordered/)).not.toBeInTheDocument();
});

describe("an order that was sent long ago and not answered", () => {
  beforeEach(() => left({ sentAt: Date.now() - 61 * MINUTE }));

  it("is not sent before the customer says so, and then under its own key", async () => {
    const { user } = visit("/checkout");
    await screen.findByText("We don't know whether this order has arrived.");
    expect(await screen.findByText("Lamp")).toBeInTheDocument();
    expect(shop.posts).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Finish this order" }));
    await screen.findByRole("heading", { level: 1, name: "Order in progress" });
    expect(sentLamps()).toHaveLength(1);
    expect(basket()).toEqual({ cup: 1 });
  });

  it("can be forgotten, and the basket ordered instead", async () => {
    const { user } = visit("/checkout");
    await user.click(await screen.findByRole("button", { name: /I don't want it any more/ }));
    await user.click(await payForCup());
    await screen.findByRole("heading", { level: 1, name: "Order in progress" });
    expect(sentLamps()).toEqual([]);
    expect(shop.placed).toBe(1);
  });
});

describe("an order whose outcome is not known", () => {
  it("is sent again byte for byte, with what only another version of the site knows", async () => {
    const body = `{"giftNote": "für Zoë",  ${LAMP.body.slice(1)}`;
    left({ body, sentAt: Date.now() });
    visit("/checkout");
    await screen.findByRole("heading", { level: 1, name: "Order in progress" });
    expect(sentLamps().map(({ text }) => text)).toEqual([body]);
  });

  it("is spoken of on every page until it is", async () => {
    left({ sentAt: Date.now() });
    const { user } = visit("/basket");
    await user.click(await screen.findByRole("link", { name: "See what became of it" }));
    await screen.findByRole("heading", { level: 1, name: "Order in progress" });
    expect(screen.queryByText(/is not finished yet/)).not.toBeInTheDocument();
  });

  it("is not spoken of to somebody else", async () => {
    left({ sentAt: Date.now() });
    signInAs("bob");
    visit("/basket");
    await screen.findByRole("link", { name: "Go to checkout" });
    expect(screen.queryByText(/is not finished yet/)).not.toBeInTheDocument();
  });
});

it.each([
  ["a currency that is none", { body: JSON.stringify({ ...WISH, expectedTotal: { amount: 1, currency: "xx" } }) }],
  ["a body that isn't JSON", { body: "{" }],
  ["a key that no header can carry", { key: "Schlüssel\n" }],
  ["a quantity of no sense", { body: JSON.stringify({ ...WISH, lines: [{ productId: "lamp", quantity: 0.5 }] }) }],
])("an attempt with %s stands in nobody's way", async (_what, changed) => {
  left(changed);
  visit("/checkout");
  await waitFor(payForCup);
  expect(shop.posts).toEqual([]);
});

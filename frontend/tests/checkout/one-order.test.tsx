import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { pendingAttempt } from "../../src/checkout/attempt";
import { shop } from "../server";
import { answerTokens, idTokenOf, tokensOf } from "../tokens";
import { basket, fillBasket, signInAs, visit } from "../visit";

beforeEach(() => {
  signInAs("ada");
  fillBasket(["notebook", 2, 1850]);
});

const payButton = () => screen.findByRole("button", { name: "Pay $37.00" });
const onOrderPage = () => screen.findByRole("heading", { level: 1, name: "Order in progress" });
const keys = () => [...new Set(shop.posts.map(({ key }) => key))];

describe("one order, and only one, comes of", () => {
  it("a double click", async () => {
    const { user } = visit("/checkout");
    await user.dblClick(await payButton());
    await onOrderPage();
    expect(shop.posts).toHaveLength(1);
  });

  it("a double click while the card is being asked", async () => {
    const { user } = visit("/checkout");
    const pay = await payButton();
    pay.click();
    pay.click();
    await user.click(pay);
    await onOrderPage();
    expect(shop.posts).toHaveLength(1);
  });

  it("answers of 503, 503 and 202", async () => {
    shop.endings = [{ status: 503 }, { status: 503 }];
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await onOrderPage();
    expect(shop.posts).toHaveLength(3);
    expect(keys()).toHaveLength(1);
  });

  it("an order that arrived although its answer was lost", async () => {
    shop.endings = ["unanswered"];
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await onOrderPage();
    expect(shop.posts).toHaveLength(2);
    expect(shop.placed).toBe(1);
  });

  it("a reload in mid-order, which goes on by itself", async () => {
    shop.endings = ["silent"];
    const before = visit("/checkout");
    await before.user.click(await payButton());
    await waitFor(() => expect(shop.posts).toHaveLength(1));
    before.unmount();

    visit("/checkout");
    await onOrderPage();
    expect(keys()).toHaveLength(1);
    expect(shop.placed).toBe(1);
  });

  it("another card after an outcome that nobody knows", async () => {
    shop.endings = Array.from({ length: 7 }, () => "unanswered" as const);
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await screen.findByText("We don't know yet whether your order has arrived.");
    // There is no form in which to choose another card: only this order can be finished.
    expect(screen.queryByRole("radio")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Pay/ })).not.toBeInTheDocument();

    await user.click(screen.getByRole("button", { name: "Try again" }));
    await onOrderPage();
    expect(shop.posts).toHaveLength(8);
    expect(new Set(shop.posts.map(({ body }) => body.paymentMethod))).toEqual(new Set(["pm_card_visa"]));
    expect(shop.placed).toBe(1);
  });

  it("two tabs that pay at the same moment", async () => {
    const other = { key: "of-the-other-tab", customerId: "ada", sends: 1 };
    const request = {
      lines: [{ productId: "cup", quantity: 1 }],
      expectedTotal: { amount: 3400, currency: "USD" },
      paymentMethod: "pm_card_mastercard",
    };
    const { resolve: release, promise: held } = Promise.withResolvers<void>();
    void navigator.locks.request("orders.attempts", () => held);

    const { user } = visit("/checkout");
    await user.click(await payButton());
    // It is the other tab's turn, which leaves its own attempt behind.
    localStorage.setItem("orders.attempts", JSON.stringify({ ada: { ...other, body: JSON.stringify(request) } }));
    release();
    await onOrderPage();
    expect(keys()).toEqual(["of-the-other-tab"]);
    expect(shop.posts[0]?.body).toEqual(request);
  });

  it("a basket that another tab has ordered meanwhile: none", async () => {
    const { resolve: release, promise: held } = Promise.withResolvers<void>();
    void navigator.locks.request("orders.attempts", () => held);

    const { user } = visit("/checkout");
    await user.click(await payButton());
    fillBasket(["notebook", 1, 1850]);
    release();
    await screen.findByText(/Your basket was changed in another tab/);
    expect(shop.posts).toEqual([]);
  });
});

describe("an attempt", () => {
  it("is settled by a refusal: what is sent next is another order", async () => {
    shop.endings = [{ status: 422, problem: { detail: "The request is not valid." } }];
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await screen.findByText("The request is not valid.");
    expect(pendingAttempt("ada")).toBeNull();

    await user.click(await payButton());
    await onOrderPage();
    expect(keys()).toHaveLength(2);
    expect(shop.placed).toBe(1);
  });

  it("is not settled by a firewall's refusal once it may have arrived", async () => {
    shop.endings = ["unanswered", { status: 403 }];
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    await onOrderPage();
    expect(keys()).toHaveLength(1);
    expect(shop.placed).toBe(1);
  });

  it("is settled by a firewall's refusal of its only send", async () => {
    shop.endings = [{ status: 403 }];
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await screen.findByText("Nothing was ordered, and you have not been charged.");
    expect(pendingAttempt("ada")).toBeNull();
  });

  it("of one customer is neither sent nor lost while another orders", async () => {
    shop.endings = ["silent"];
    const before = visit("/checkout");
    await before.user.click(await payButton());
    await waitFor(() => expect(shop.posts).toHaveLength(1));
    before.unmount();
    const adas = pendingAttempt("ada");

    signInAs("bob");
    const bobs = visit("/checkout");
    await bobs.user.click(await payButton());
    await onOrderPage();
    expect(shop.posts.map(({ token }) => token)).toEqual(["Bearer token-of-ada", "Bearer token-of-bob"]);
    expect(keys()).toHaveLength(2);
    expect(pendingAttempt("ada")).toEqual(adas);
  });

  it("goes on under its own key when its token is refused and another can be had", async () => {
    signInAs("ada", 3600, idTokenOf("ada"));
    answerTokens(() => tokensOf("ada"));
    shop.endings = [{ status: 401 }];
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await onOrderPage();
    expect(shop.posts).toHaveLength(2);
    expect(keys()).toHaveLength(1);
    expect(shop.placed).toBe(1);
  });

  it("outlives an expired sign-in and goes on after the next", async () => {
    shop.endings = [{ status: 401 }];
    const before = visit("/checkout");
    await before.user.click(await payButton());
    await screen.findByText("You have been signed out because it has been a while.");
    before.unmount();

    signInAs("ada");
    visit("/checkout");
    await onOrderPage();
    expect(keys()).toHaveLength(1);
  });

  it("takes what was ordered out of the basket, and nothing that came after", async () => {
    shop.endings = ["silent"];
    const before = visit("/checkout");
    await before.user.click(await payButton());
    await waitFor(() => expect(shop.posts).toHaveLength(1));
    before.unmount();
    fillBasket(["notebook", 3, 1850], ["cup", 1, 3400]);

    visit("/checkout");
    await onOrderPage();
    expect(basket()).toEqual({ notebook: 1, cup: 1 });
  });

  it("that is accepted leaves no form behind the Back button", async () => {
    window.history.replaceState(null, "", "/basket");
    const { user } = visit("/checkout");
    await user.click(await payButton());
    await onOrderPage();
    window.history.back();
    await waitFor(() => expect(window.location.pathname).toBe("/basket"));
  });

  it("that is found shows its own lines, not the basket's", async () => {
    shop.endings = ["silent", "silent"];
    const before = visit("/checkout");
    await before.user.click(await payButton());
    await waitFor(() => expect(shop.posts).toHaveLength(1));
    before.unmount();
    fillBasket(["cup", 1, 3400]);

    visit("/checkout");
    await screen.findByText("We are finishing the order that you started.");
    const order = within(screen.getByRole("region", { name: "Your order" }));
    expect(await order.findByText("Notebook")).toBeInTheDocument();
    expect(order.queryByText("Cup")).not.toBeInTheDocument();
  });
});

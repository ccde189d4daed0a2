import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw/http";
import { beforeEach, describe, expect, it } from "vitest";

import { expectAccessible } from "../accessibility";
import { after, anAwaitingOrder, anOrder, type Order, problem, server, shop } from "../server";
import { basket, fillBasket, signInAs, visit } from "../visit";

const ORDER = anAwaitingOrder();
const CANCEL = `/api/orders/${ORDER.orderId}/cancel`;
const heading = (name: string) => screen.findByRole("heading", { level: 1, name }, { timeout: 8_000 });
const button = (name: string) => screen.findByRole("button", { name });

function track(order: Order = anAwaitingOrder()) {
  shop.orders = [order];
  return visit(`/orders/${order.orderId}`);
}

/** The order goes on in the shop. */
function move(...statuses: Order["status"][]) {
  shop.orders = shop.orders.map((order) => statuses.reduce(after, order));
}

/** The next tries to cancel end like this, instead of well. */
function cancelEnds(...endings: (() => Response)[]) {
  server.use(
    http.post(`${window.location.origin}${CANCEL}`, () => endings.shift()?.() ?? undefined),
  );
}

beforeEach(() => signInAs("ada"));

describe("another card for an order that waits for approval", () => {
  it("is asked for at the checkout, with the order's lines, once the order is cancelled", async () => {
    fillBasket(["cup", 1, 3400]);
    const { user } = track();
    await user.click(await button("Use another card"));
    await heading("Cancelling your order");
    expect(screen.getByText("You can choose another card as soon as it is cancelled.")).toBeInTheDocument();
    expect(basket()).toEqual({ cup: 1 });
    await expectAccessible();
    move("CANCELLED");
    await heading("Checkout");
    expect(basket()).toEqual({ cup: 1, notebook: 2 });
    expect(shop.cancels).toEqual([CANCEL]);
  });

  it.each([
    ["confirmed", ["PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"], "Order confirmed"],
    ["refused", ["REJECTING", "REJECTED"], "Order not completed"],
  ] satisfies [string, Order["status"][], string][])(
    "is not asked for when the order was %s meanwhile",
    async (_how, statuses, title) => {
      const { user } = track();
      const another = await button("Use another card");
      cancelEnds(() => problem(409, { detail: "The order has gone on meanwhile" }));
      move(...statuses);
      await user.click(another);
      await heading(title);
      expect(screen.getByText("The order could not be cancelled.")).toBeInTheDocument();
      expect(screen.getByText("The order has gone on meanwhile")).toBeInTheDocument();
      expect(basket()).toEqual({});
      await expectAccessible();
    },
  );

  it("is not asked for when the order was confirmed meanwhile and is cancelled later", async () => {
    const { user } = track();
    const another = await button("Use another card");
    cancelEnds(() => problem(409));
    move("PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED");
    await user.click(another);
    await heading("Order confirmed");
    move("CANCELLING", "CANCELLED");
    await heading("Order cancelled");
    expect(basket()).toEqual({});
  }, 15_000);

  it("is asked for though the first tries were not answered", async () => {
    const { user } = track();
    const another = await button("Use another card");
    cancelEnds(HttpResponse.error, () => problem(503));
    await user.click(another);
    await heading("Cancelling your order");
    move("CANCELLED");
    await heading("Checkout");
    expect(basket()).toEqual({ notebook: 2 });
  });

  it("is asked for when the order was cancelled though no answer came", async () => {
    const { user } = track();
    const another = await button("Use another card");
    cancelEnds(...Array.from({ length: 4 }, () => HttpResponse.error));
    await user.click(another);
    await screen.findByText("We don't know yet whether the order is cancelled.");
    await expectAccessible();
    move("CANCELLING", "CANCELLED");
    await heading("Checkout");
    expect(basket()).toEqual({ notebook: 2 });
  }, 15_000);

  it("makes one order of two clicks", async () => {
    const { user } = track();
    await user.dblClick(await button("Use another card"));
    await heading("Cancelling your order");
    move("CANCELLED");
    await heading("Checkout");
    expect(basket()).toEqual({ notebook: 2 });
  });
});

describe("cancelling an order that waits for approval", () => {
  it("is asked about first, and does nothing until that is confirmed", async () => {
    const { user } = track();
    const opener = await button("Cancel the order");
    await user.click(opener);
    expect(screen.getByRole("button", { name: "Yes, cancel it" })).toHaveFocus();
    await expectAccessible();
    await user.click(await button("Keep the order"));
    expect(opener).toHaveFocus();
    expect(screen.queryByText("Cancel this order?")).not.toBeInTheDocument();
    expect(shop.cancels).toEqual([]);
  });

  it("ends with an order that costs nothing, and can be ordered again", async () => {
    const { user } = track();
    await user.click(await button("Cancel the order"));
    await user.click(await button("Yes, cancel it"));
    expect(await heading("Cancelling your order")).toHaveFocus();
    expect(screen.queryByText(/choose another card/)).not.toBeInTheDocument();
    move("CANCELLED");
    await heading("Order cancelled");
    expect(screen.getByText(/^The order is cancelled\. You pay nothing\./)).toBeInTheDocument();
    expect(screen.getByText("Order cancelled, nothing charged")).toBeInTheDocument();
    await expectAccessible();
    await user.click(await button("Put it back in the basket"));
    await heading("Your basket");
    expect(basket()).toEqual({ notebook: 2 });
  });

  it("in one tab shows in the other", async () => {
    track();
    await button("Approve the payment");
    move("CANCELLING", "CANCELLED");
    await heading("Order cancelled");
    await waitFor(() => expect(screen.queryByText(/Approve/)).not.toBeInTheDocument());
    expect(basket()).toEqual({});
  });

  it("an order that was paid gives the money back", async () => {
    const paid = ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"] as const;
    track(anOrder([...paid, "CANCELLING", "CANCELLED"]));
    await heading("Order cancelled");
    expect(screen.getByText(/\$37\.00 has been given back to the card/)).toBeInTheDocument();
    expect(screen.getByText("Cancelled and paid back")).toBeInTheDocument();
  });
});

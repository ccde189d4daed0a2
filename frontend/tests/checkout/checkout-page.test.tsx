import { onlineManager } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { expectAccessible } from "../accessibility";
import { aProduct, shop } from "../server";
import { basket, fillBasket, signInAs, visit } from "../visit";

const payButton = (amount: string) => screen.findByRole("button", { name: `Pay ${amount}` });
const onOrderPage = () => screen.findByRole("heading", { level: 1, name: "Order in progress" });

function refuse(...errors: { path: string; message: string }[]): void {
  const problem = { detail: "The request is not valid.", errors };
  shop.endings = [{ status: 422, problem }];
}

beforeEach(() => {
  signInAs("ada");
  fillBasket(["notebook", 2, 1850], ["cup", 1, 3400]);
});
afterEach(() => onlineManager.setOnline(true));

describe("the checkout", () => {
  it("orders the basket at the server's prices with the chosen card and the name", async () => {
    const { user } = visit("/checkout");
    await user.type(await screen.findByLabelText(/Name on the receipt/), " Ada Lovelace ");
    await user.click(await screen.findByRole("radio", { name: /Mastercard/ }));
    await user.click(await payButton("$71.00"));
    await onOrderPage();
    expect(shop.posts[0]?.body).toEqual({
      lines: [
        { productId: "notebook", quantity: 2 },
        { productId: "cup", quantity: 1 },
      ],
      expectedTotal: { amount: 7100, currency: "USD" },
      paymentMethod: "pm_card_mastercard",
      name: "Ada Lovelace",
    });
  });

  it("can be done by keyboard alone", async () => {
    const { user } = visit("/checkout");
    const name = await screen.findByLabelText(/Name on the receipt/);
    await payButton("$71.00");
    await screen.findAllByRole("radio");
    name.focus();
    await user.keyboard("Ada{Tab}{ArrowDown}{ArrowDown}{Tab}{Tab}{Enter}");
    await onOrderPage();
    expect(shop.posts[0]?.body.paymentMethod).toBe("pm_card_chargeDeclined");
    expect(shop.posts[0]?.body.name).toBe("Ada");
  });

  it("says where the confirmation goes and that test cards move no money", async () => {
    visit("/checkout");
    const told = await screen.findByText(/The confirmation goes to/);
    expect(told).toHaveTextContent("ada@example.com");
    expect(await screen.findByText("Test mode: no money moves")).toBeInTheDocument();
    await expectAccessible();
  });

  it("asks for a sign-in first, and sends nothing before", async () => {
    sessionStorage.clear();
    visit("/checkout");
    await screen.findByText(/Sign in to order/);
    await expectAccessible();
    expect(shop.posts).toEqual([]);
  });

  it("has a way on from an empty basket", async () => {
    fillBasket();
    visit("/checkout");
    expect(await screen.findByRole("link", { name: "Browse the shop" })).toHaveAttribute("href", "/");
    await expectAccessible();
  });

  it("can be tried again if the prices can't be had", async () => {
    shop.failing = 500;
    const { user } = visit("/checkout");
    await screen.findByText("Today's prices could not be loaded.");
    shop.failing = 0;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await payButton("$71.00")).toBeInTheDocument();
  });
});

describe("a total that can't be paid", () => {
  it("is said before anything is sent, and Pay leads to the basket's link", async () => {
    shop.products = [aProduct("sticker", 30)];
    fillBasket(["sticker", 1, 30]);
    const { user } = visit("/checkout");
    await screen.findByText("An order has to come to at least $0.50.");
    await expectAccessible();
    await user.click(await payButton("$0.30"));
    expect(screen.getByRole("link", { name: "Change it in the basket" })).toHaveFocus();
    expect(shop.posts).toEqual([]);
  });

  it("is said in words where only the shop knows it", async () => {
    refuse({ path: "expectedTotal", message: "must be at least $100.00" });
    const { user } = visit("/checkout");
    await user.click(await payButton("$71.00"));
    expect(await screen.findByText("The total must be at least $100.00.")).toBeInTheDocument();
  });

  it("is said in the basket in place of the way to checkout", async () => {
    shop.products = [aProduct("sticker", 30)];
    fillBasket(["sticker", 1, 30]);
    visit("/basket");
    await screen.findByText("An order has to come to at least $0.50.");
    expect(screen.queryByRole("link", { name: "Go to checkout" })).not.toBeInTheDocument();
  });
});

describe("what has changed since it was put in the basket", () => {
  it("is a price: it is shown, and the customer pays today's", async () => {
    shop.products = [aProduct("notebook", 2000), aProduct("cup", 3400)];
    const { user } = visit("/checkout");
    await screen.findByText("The price is now $20.00.");
    await expectAccessible();
    await user.click(await payButton("$74.00"));
    await onOrderPage();
    expect(shop.posts[0]?.body.expectedTotal.amount).toBe(7400);
  });

  it("is a price that can be accepted", async () => {
    shop.products = [aProduct("notebook", 2000), aProduct("cup", 3400)];
    const { user } = visit("/checkout");
    await user.click(await screen.findByRole("button", { name: "Accept the new price" }));
    expect(screen.queryByText("The price is now $20.00.")).not.toBeInTheDocument();
  });

  it("is the stock: Pay leads to the line, where what is left can be taken", async () => {
    shop.products = [aProduct("notebook", 1850, 1), aProduct("cup", 3400)];
    const { user } = visit("/checkout");
    await user.click(await payButton("$71.00"));
    const take = screen.getByRole("button", { name: "Take 1 instead of 2" });
    expect(take).toHaveFocus();
    await expectAccessible();
    await user.click(take);
    await user.click(await payButton("$52.50"));
    await onOrderPage();
    expect(shop.posts).toHaveLength(1);
    expect(shop.posts[0]?.body.lines[0]).toEqual({ productId: "notebook", quantity: 1 });
  });

  it.each([
    ["sold out", [aProduct("notebook", 1850, 0), aProduct("cup", 3400)], "This is sold out.", "Notebook"],
    ["gone", [aProduct("cup", 3400)], "This is no longer sold.", "notebook"],
  ])("is a product that is %s: it can be removed", async (_how, products, words, name) => {
    shop.products = products;
    const { user } = visit("/checkout");
    await screen.findByText(words);
    await user.click(screen.getByRole("button", { name: `Remove ${name}` }));
    await user.click(await payButton("$34.00"));
    await onOrderPage();
    expect(shop.posts[0]?.body.lines).toEqual([{ productId: "cup", quantity: 1 }]);
  });
});

describe("a refusal of the request", () => {
  it("is shown at the name, which has the focus", async () => {
    refuse({ path: "lines[1].quantity", message: "is too much" }, { path: "name", message: "is too long" });
    const { user } = visit("/checkout");
    await user.type(await screen.findByLabelText(/Name on the receipt/), "Ada");
    await user.click(await payButton("$71.00"));
    const name = await screen.findByLabelText(/Name on the receipt/);
    await waitFor(() => expect(name).toHaveFocus());
    expect(name).toBeInvalid();
    expect(name).toHaveAccessibleDescription("The name is too long.");
    expect(name).toHaveValue("Ada");
    expect(screen.getByText("The quantity is too much.")).toBeInTheDocument();
    await expectAccessible();
  });

  it("is shown at the card, which has the focus", async () => {
    refuse({ path: "paymentMethod", message: "must match pattern" });
    const { user } = visit("/checkout");
    await user.click(await screen.findByRole("radio", { name: /Mastercard/ }));
    await user.click(await payButton("$71.00"));
    await waitFor(() => expect(screen.getByRole("radio", { name: /Mastercard/ })).toHaveFocus());
    const cards = screen.getByRole("radiogroup", { name: "Test card" });
    expect(cards).toBeInvalid();
    expect(cards).toHaveAccessibleDescription(/This card can't be used/);
  });

  it("is shown at its line, with the way to change it", async () => {
    refuse({ path: "lines[1].quantity", message: "is too much" });
    const { user } = visit("/checkout");
    await user.click(await payButton("$71.00"));
    const words = await screen.findByText("The quantity is too much.");
    const line = within(words.closest("li") ?? document.body);
    expect(line.getByText("Cup")).toBeInTheDocument();
    await waitFor(() =>
      expect(line.getByRole("link", { name: "Change it in the basket" })).toHaveFocus(),
    );
    expect(basket()).toEqual({ notebook: 2, cup: 1 });
  });
});

it.each([
  ["constructor", "This is no longer sold."],
  ["__proto__", "Your basket is empty."],
])("a basket with a product called %s says what to do about it", async (productId, words) => {
  fillBasket([productId, 1, 1000]);
  visit("/checkout");
  expect(await screen.findByText(words)).toBeInTheDocument();
});

describe("while the order is being sent, the page", () => {
  it("says so, and later that waiting does no harm", async () => {
    shop.endings = [{ status: 503 }, "silent"];
    const { user } = visit("/checkout");
    await user.click(await payButton("$71.00"));
    const words = await screen.findByText(/Still trying: your order can't be placed twice/);
    expect(words).toHaveRole("status");
    await expectAccessible();
  });

  it("waits for the connection and goes on by itself", async () => {
    const { user } = visit("/checkout");
    const pay = await payButton("$71.00");
    act(() => onlineManager.setOnline(false));
    await user.click(pay);
    await screen.findByText("You are offline; it goes on when you are back.");
    expect(shop.posts).toEqual([]);
    act(() => onlineManager.setOnline(true));
    await onOrderPage();
    expect(shop.posts).toHaveLength(1);
  });

  it("offers to try again when it has tried long enough", async () => {
    shop.endings = Array.from({ length: 7 }, () => "lost" as const);
    const { user } = visit("/checkout");
    await user.click(await payButton("$71.00"));
    await screen.findByText(/The shop could not be reached/);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await onOrderPage();
    expect(shop.placed).toBe(1);
  });
});

import { beforeEach, describe, expect, it } from "vitest";

import { MOST_LINES, MOST_OF_ONE } from "../../src/api/contract";
import {
  acceptPrices,
  addToBasket,
  lines,
  priceBasket,
  setQuantity,
} from "../../src/basket/basket";
import type { Product } from "../../src/catalogue/products";

function product(productId: string, amount = 1000, available = 10): Product {
  const price = { amount, currency: "USD" };
  return { productId, name: productId, description: "", price, available, image: "/x.svg" };
}

beforeEach(() => localStorage.clear());

describe("the basket", () => {
  it("adds up what is added twice, on one line", () => {
    addToBasket(product("cup"));
    addToBasket(product("pan"));
    addToBasket(product("cup"), 2);
    expect(lines().map((line) => [line.productId, line.quantity])).toEqual([
      ["cup", 3],
      ["pan", 1],
    ]);
  });

  it("takes no more lines, and no more of one product, than the API does", () => {
    for (let index = 0; index < MOST_LINES; index += 1) addToBasket(product(`p${index}`));
    expect(addToBasket(product("one-more"))).toBe(false);
    expect(addToBasket(product("p0"), MOST_OF_ONE)).toBe(true);
    expect(lines()).toHaveLength(MOST_LINES);
    expect(lines()[0]?.quantity).toBe(MOST_OF_ONE);
  });

  it("loses a line whose quantity falls to nothing", () => {
    addToBasket(product("cup"));
    setQuantity("cup", 0);
    expect(lines()).toEqual([]);
  });

  it("survives a reload, because it is in localStorage", () => {
    addToBasket(product("cup"));
    expect(JSON.parse(localStorage.getItem("orders.basket") ?? "")).toHaveLength(1);
  });

  it.each([
    ["not JSON", "{"],
    ["of another shape", '[{"productId":"cup"}]'],
    ["no product's id", '[{"productId":"__proto__","quantity":1,"seenPrice":{"amount":1,"currency":"USD"}}]'],
    ["no currency", '[{"productId":"cup","quantity":1,"seenPrice":{"amount":1,"currency":"dollars"}}]'],
    ["no amount", '[{"productId":"cup","quantity":1,"seenPrice":{"amount":-0.5,"currency":"USD"}}]'],
    ["an impossible quantity", '[{"productId":"cup","quantity":-1,"seenPrice":{"amount":1,"currency":"USD"}}]'],
  ])("is empty if what is stored is %s", (_what, text) => {
    localStorage.setItem("orders.basket", text);
    expect(lines()).toEqual([]);
  });

  it("is the same in another tab", () => {
    addToBasket(product("cup"));
    const other = JSON.stringify([{ ...lines()[0], quantity: 7 }]);
    localStorage.setItem("orders.basket", other);
    window.dispatchEvent(new StorageEvent("storage", { key: "orders.basket" }));
    expect(lines()[0]?.quantity).toBe(7);
  });
});

describe("a basket's price", () => {
  it("is made of today's prices, never of the remembered ones", () => {
    addToBasket(product("cup", 1000), 3);
    expect(priceBasket(lines(), [product("cup", 1200)]).total).toEqual({
      amount: 3600,
      currency: "USD",
    });
  });

  it("says which prices have changed, until the customer has accepted them", () => {
    addToBasket(product("cup", 1000));
    const now = [product("cup", 1200)];
    expect(priceBasket(lines(), now).lines[0]?.priceChanged).toBe(true);
    acceptPrices(now);
    expect(priceBasket(lines(), now).lines[0]?.priceChanged).toBe(false);
  });

  it.each([
    ["is empty", [], []],
    ["wants more than there is", ["cup"], [product("cup", 1000, 0)]],
    ["has something no longer sold", ["cup"], []],
  ])("can't be ordered if the basket %s", (_what, added, products) => {
    for (const id of added) addToBasket(product(id));
    expect(priceBasket(lines(), products).orderable).toBe(false);
  });

  it("can be ordered if all of it is there", () => {
    addToBasket(product("cup"), 10);
    expect(priceBasket(lines(), [product("cup")]).orderable).toBe(true);
  });
});

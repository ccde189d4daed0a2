import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { aProduct, anOrder, shop } from "../server";
import { basket, fillBasket, signInAs, visit } from "../visit";

it("what of a refused order has no room in the basket is named", async () => {
  const others = Array.from({ length: 18 }, (_, index) => `other-${index}`);
  shop.products = [...others, "notebook", "cup", "lamp", "vase"].map((id) => aProduct(id, 1000));
  const lines = ["notebook", "cup", "lamp", "vase"].map((productId) => ({ productId, quantity: 1 }));
  const refused = anOrder(["RECEIVED", "REJECTING", "REJECTED"], { reason: "PAYMENT_DECLINED", lines });
  shop.orders = [refused];
  signInAs("ada");
  fillBasket(...others.map((id): [string, number, number] => [id, 1, 1000]));

  const { user } = visit(`/orders/${refused.orderId}`);
  await user.click(await screen.findByRole("button", { name: "Try another card" }));
  expect(
    await screen.findByText("No room in your basket for Lamp, Vase: it holds 20 products at most"),
  ).toBeVisible();
  expect(Object.keys(basket())).toEqual([...others, "notebook", "cup"]);
});

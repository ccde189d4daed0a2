import { screen } from "@testing-library/react";
import { HttpResponse } from "msw/http";
import { beforeEach, expect, it } from "vitest";

import { shop } from "../server";
import { fillBasket, signInAs, visit } from "../visit";

beforeEach(() => {
  signInAs("ada");
  fillBasket(["notebook", 2, 1850]);
});

const payButton = () => screen.findByRole("button", { name: "Pay $37.00" });
const onOrderPage = () => screen.findByRole("heading", { level: 1, name: "Order in progress" });

it.each([
  ["an empty 202", () => new HttpResponse(null, { status: 202, headers: { "Content-Length": "0" } })],
  ["an empty 200", () => new HttpResponse(null, { status: 200 })],
  ["202 and null", () => HttpResponse.json(null, { status: 202 })],
  ["202 and an empty object", () => HttpResponse.json({}, { status: 202 })],
  ["202 and a page", () => new HttpResponse("<html>", { status: 202 })],
])("an order that arrived and that somebody else answered with %s is one order", async (_what, instead) => {
  shop.endings = [{ instead }];
  const { user } = visit("/checkout");
  await user.click(await payButton());
  await onOrderPage();
  expect(window.location.pathname).toMatch(/^\/orders\/[A-Z2-7]{26}$/);
  expect(shop.posts).toHaveLength(2);
  expect(shop.placed).toBe(1);
});

it.each([
  ["a page", () => new HttpResponse("<html>", { status: 400 })],
  ["nothing", () => new HttpResponse(null, { status: 422 })],
  ["another's JSON", () => HttpResponse.json({ message: "Bad request" }, { status: 400 })],
])("an order that arrived and whose next send a proxy refuses with %s is one order", async (_what, instead) => {
  shop.endings = ["unanswered", { instead }];
  const { user } = visit("/checkout");
  await user.click(await payButton());
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  await onOrderPage();
  expect(new Set(shop.posts.map(({ key }) => key)).size).toBe(1);
  expect(shop.placed).toBe(1);
});

import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { fillBasket, signInAs, visit } from "../visit";

const loaded = vi.hoisted(() => [] as string[]);
vi.mock("@stripe/stripe-js/pure", () => {
  loaded.push("@stripe/stripe-js");
  return {};
});

it("a stack with the sandbox loads nothing of Stripe's", async () => {
  signInAs("ada");
  fillBasket(["notebook", 1, 1850]);
  const { user } = visit("/checkout");
  await screen.findByText("Test mode: no money moves");
  await user.click(await screen.findByRole("button", { name: "Pay $18.50" }));
  await screen.findByRole("heading", { level: 1, name: "Order in progress" });
  expect(loaded).toEqual([]);
  expect(document.querySelector("script, iframe")).toBeNull();
});

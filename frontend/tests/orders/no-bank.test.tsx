import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible } from "../accessibility";
import { anAwaitingOrder, shop } from "../server";
import { signInAs, visit } from "../visit";

it("says so where the bank can't be reached, and can be tried again", async () => {
  signInAs("ada");
  shop.settings = { ...shop.settings, paymentSandboxUrl: "" };
  const order = anAwaitingOrder();
  shop.orders = [order];
  const { user } = visit(`/orders/${order.orderId}`);
  const approve = await screen.findByRole("button", { name: "Approve the payment" });
  await user.click(approve);
  expect(await screen.findByText("Your bank's page could not be opened.")).toBeInTheDocument();
  expect(approve).not.toHaveAttribute("aria-disabled", "true");
  await expectAccessible();
});

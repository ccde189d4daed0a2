import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import { shop } from "../server";
import { fillBasket, signInAs, visit } from "../visit";

beforeEach(() => {
  shop.settings = { ...shop.settings, sendsMail: false };
  signInAs("ada");
  fillBasket(["notebook", 1, 1850]);
});

it("promises no confirmation where the stack sends no mail", async () => {
  visit("/checkout");
  expect(await screen.findByText("Test mode: no money moves")).toBeInTheDocument();
  expect(screen.getByText(/You are signed in as/)).toHaveTextContent("ada@example.com");
  expect(screen.queryByText(/confirmation/)).toBeNull();
});

import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { expectAccessible } from "../accessibility";
import { aProduct, shop } from "../server";
import { basket, fillBasket, visit } from "../visit";

beforeEach(() => {
  shop.products = [aProduct("notebook", 1850), aProduct("lamp", 18900, 3), aProduct("cup", 3400, 0)];
});

describe("the basket's page", () => {
  it("shows what everything costs today, and leads to the checkout", async () => {
    fillBasket(["notebook", 2, 1850], ["lamp", 1, 18900]);
    visit("/basket");
    expect(await screen.findByText("$37.00")).toBeVisible();
    expect(screen.getByText("$226.00")).toBeVisible();
    expect(screen.getByRole("link", { name: "Go to checkout" })).toHaveAttribute("href", "/checkout");
    await expectAccessible();
  });

  it("follows a changed quantity, and never keeps less than one", async () => {
    fillBasket(["notebook", 2, 1850]);
    const { user } = visit("/basket");
    await user.click(await screen.findByRole("button", { name: /^One more/ }));
    expect(basket()).toEqual({ notebook: 3 });
    await user.clear(screen.getByRole("spinbutton"));
    await user.type(screen.getByRole("spinbutton"), "0");
    expect(basket()).toEqual({ notebook: 1 });
  });

  it("loses what is removed", async () => {
    fillBasket(["notebook", 2, 1850]);
    const { user } = visit("/basket");
    await user.click(await screen.findByRole("button", { name: "Remove Notebook" }));
    expect(basket()).toEqual({});
    expect(screen.getByText("Your basket is empty.")).toBeVisible();
    await expectAccessible();
  });

  it("shows a changed price until it is accepted, and does not hold the customer up", async () => {
    fillBasket(["notebook", 1, 1500]);
    const { user } = visit("/basket");
    expect(await screen.findByText("The price is now $18.50.")).toBeVisible();
    expect(screen.getByText("It was $15.00 when you put it in.")).toBeVisible();
    expect(screen.getByRole("link", { name: "Go to checkout" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "That's fine" }));
    expect(screen.queryByText("The price is now $18.50.")).not.toBeInTheDocument();
  });

  it("with more than there is offers what is left, and only then the checkout", async () => {
    fillBasket(["lamp", 5, 18900]);
    const { user } = visit("/basket");
    expect(await screen.findByText("Only 3 are left.")).toBeVisible();
    expect(screen.queryByRole("link", { name: "Go to checkout" })).not.toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Take 3" }));
    expect(basket()).toEqual({ lamp: 3 });
    expect(screen.getByRole("link", { name: "Go to checkout" })).toBeVisible();
  });

  it.each(["cup", "unknown"])("with something that can't be had (%s) offers to remove it", async (id) => {
    fillBasket([id, 1, 3400], ["notebook", 1, 1850]);
    const { user } = visit("/basket");
    await user.click((await screen.findAllByRole("button", { name: /^Remove/ }))[0] as HTMLElement);
    expect(basket()).toEqual({ notebook: 1 });
    expect(screen.getByRole("link", { name: "Go to checkout" })).toBeVisible();
  });
});

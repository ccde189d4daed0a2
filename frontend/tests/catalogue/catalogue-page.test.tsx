import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { expectAccessible } from "../accessibility";
import { aProduct, shop } from "../server";
import { basket, visit } from "../visit";

const card = async (name: string): Promise<HTMLElement> => {
  const item = (await screen.findByRole("link", { name })).closest("li");
  if (item === null) throw new Error(`${name} is in no list`);
  return item;
};

beforeEach(() => {
  shop.products = [aProduct("notebook", 1850, 100), aProduct("lamp", 18900, 3), aProduct("cup", 3400, 0)];
});

describe("the catalogue", () => {
  it("shows every product with its price and what is left of it", async () => {
    visit("/");
    expect(await card("Notebook")).toHaveTextContent(/\$18\.50.*In stock/);
    expect(await card("Lamp")).toHaveTextContent(/\$189\.00.*Only 3 left/);
    expect(await card("Cup")).toHaveTextContent(/\$34\.00.*Sold out/);
    await expectAccessible();
  });

  it("puts a product into the basket, and says so", async () => {
    const { user } = visit("/");
    await user.click(await screen.findByRole("button", { name: "Add to basket: Notebook" }));
    expect(basket()).toEqual({ notebook: 1 });
    expect(await screen.findByText("Notebook: in your basket")).toBeVisible();
    expect(screen.getByRole("link", { name: /Basket 1/ })).toBeVisible();
  });

  it("does not sell what is sold out", async () => {
    visit("/");
    const button = within(await card("Cup")).getByRole("button");
    expect(button).toBeDisabled();
  });

  it("that can't be loaded can be tried again", async () => {
    shop.failing = 500;
    const { user } = visit("/");
    const again = await screen.findByRole("button", { name: "Try again" });
    expect(screen.getByRole("alert")).toHaveTextContent("The catalogue could not be loaded.");
    shop.failing = 0;
    await user.click(again);
    await card("Notebook");
  });

  it("that is empty says so", async () => {
    shop.products = [];
    visit("/");
    expect(await screen.findByText("There is nothing for sale right now.")).toBeVisible();
  });

  it("shows another picture for one that is missing", async () => {
    visit("/products/lamp");
    await screen.findByRole("heading", { name: "Lamp" });
    const picture = screen.getByRole("presentation");
    fireEvent.error(picture);
    expect(picture).toHaveAttribute("src", "/images/missing.svg");
  });
});

describe("a product's page", () => {
  it("puts as many as wanted into the basket, and no more than there are", async () => {
    const { user } = visit("/products/lamp");
    const quantity = await screen.findByRole("spinbutton", { name: "Quantity of Lamp" });
    await user.click(screen.getByRole("button", { name: "One more: Quantity of Lamp" }));
    expect(quantity).toHaveValue("2");
    await user.clear(quantity);
    await user.type(quantity, "99");
    await user.click(screen.getByRole("button", { name: "Add to basket: Lamp" }));
    expect(basket()).toEqual({ lamp: 3 });
    await expectAccessible();
  });

  it.each(["/products/unknown", "/nothing/here"])("is not found at %s", async (path) => {
    visit(path);
    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeVisible();
    await expectAccessible();
  });
});

import { render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { CrashedShop } from "../../src/components/crash-page";
import { ErrorBoundary } from "../../src/components/error-boundary";
import { SHOP } from "../../src/shop";
import { expectAccessible } from "../accessibility";
import { anOrder, shop } from "../server";
import { signInAs, visit } from "../visit";

const crashed = () => screen.findByRole("heading", { level: 1, name: "Something went wrong" });

function Crashing(): never {
  throw new Error("provoked");
}

describe("a shop that crashes with all that is around its pages", () => {
  it("is a page still, with a way out", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    render(
      <ErrorBoundary fallback={CrashedShop}>
        <Crashing />
      </ErrorBoundary>,
    );
    expect(screen.getByRole("main")).toHaveTextContent("Something went wrong");
    expect(screen.getByRole("button", { name: "Load the page again" })).toBeInTheDocument();
    await expectAccessible();
  });
});

describe("a page that crashes", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    signInAs("ada");
    // There is no way to show this moment.
    shop.orders = [anOrder(["CONFIRMED"], { createdAt: "some day" })];
  });

  it("says so inside the shop, under a title of its own", async () => {
    visit("/orders");
    await crashed();
    expect(screen.getByRole("main")).toHaveTextContent("Your basket and your orders are safe.");
    expect(screen.getByRole("banner")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Browse the shop" })).toHaveAttribute("href", "/");
    expect(document.title).toBe(`Something went wrong · ${SHOP}`);
    await expectAccessible();
  });

  it("is left like any other", async () => {
    const { user } = visit("/");
    await user.click(screen.getByRole("link", { name: "My orders" }));
    await crashed();
    window.history.back();
    expect(await screen.findByRole("link", { name: "Notebook" })).toBeInTheDocument();
  });
});

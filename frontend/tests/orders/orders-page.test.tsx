import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { ApiError } from "../../src/api/problem";
import { ordersQuery } from "../../src/orders/orders";
import { expectAccessible } from "../accessibility";
import { anOrder, listed, type Order, shop } from "../server";
import { signInAs, visit } from "../visit";

const numbered = (index: number, ...statuses: Order["status"][]): Order =>
  anOrder(statuses, { orderId: `${"ABCDEFGH"[index]}2222222`.padEnd(26, "A") });
const items = () => screen.getAllByRole("listitem").map((item) => item.textContent);

/** Milliseconds until a list is asked for again that failed, or whose second page has these orders. */
function interval(...known: Order[] | [ApiError]) {
  const { refetchInterval } = ordersQuery("ada");
  if (typeof refetchInterval !== "function") return refetchInterval;
  const [first] = known;
  const state =
    first instanceof ApiError
      ? { error: first }
      : { data: { pages: [{ orders: [] }, { orders: known.map((each) => listed(each as Order)) }], pageParams: [] } };
  return refetchInterval({ state } as unknown as Parameters<typeof refetchInterval>[0]);
}

beforeEach(() => signInAs("ada"));

describe("my orders", () => {
  it("are listed with date, number, status in words and total, each with its link", async () => {
    shop.orders = [numbered(0, "RECEIVED", "REJECTING", "REJECTED")];
    visit("/orders");
    const link = await screen.findByRole("link", { name: /Not completed/ });
    expect(link).toHaveAttribute("href", "/orders/A2222222AAAAAAAAAAAAAAAAAA");
    expect(link).toHaveTextContent(/Nov 22, 2026.*Order A2222222.*Not completed.*\$37\.00/);
    await expectAccessible();
  });

  it("are all listed when one has a status of a newer API", async () => {
    shop.orders = [numbered(0, "SHIPPED" as Order["status"]), numbered(1, "REJECTED")];
    visit("/orders");
    expect(await screen.findByRole("link", { name: /A2222222.*In progress/ })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: /B2222222.*Not completed/ })).toBeInTheDocument();
  });

  it("come page by page, in the order of the API", async () => {
    shop.orders = [0, 1, 2, 3].map((index) => numbered(index, "REJECTED"));
    const { user } = visit("/orders");
    await screen.findByText("A2222222");
    expect(items()).toHaveLength(3);
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText("D2222222");
    expect(items().map((text) => /[A-D]2222222/.exec(text ?? "")?.[0])).toEqual([
      "A2222222",
      "B2222222",
      "C2222222",
      "D2222222",
    ]);
    expect(screen.queryByRole("button", { name: "Show more" })).not.toBeInTheDocument();
  });

  it("that can't be had more of keep those that are there, and can be tried again", async () => {
    shop.orders = [0, 1, 2, 3].map((index) => numbered(index, "REJECTED"));
    const { user } = visit("/orders");
    await screen.findByText("A2222222");
    shop.failing = 500;
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText("More orders could not be loaded.");
    expect(items()).toHaveLength(3);
    shop.failing = 0;
    await user.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("D2222222")).toBeInTheDocument();
  });

  it("have a way on when there are none", async () => {
    visit("/orders");
    await screen.findByText("You have not ordered anything yet.");
    expect(screen.getByRole("link", { name: "Browse the shop" })).toHaveAttribute("href", "/");
    await expectAccessible();
  });

  it("can be tried again when they can't be had", async () => {
    shop.failing = 500;
    const { user } = visit("/orders");
    await screen.findByText("Your orders could not be loaded.");
    await expectAccessible();
    shop.failing = 0;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("You have not ordered anything yet.")).toBeInTheDocument();
  });

  it("that this customer may not see are not asked for again and again", () => {
    expect(interval(new ApiError(403))).toBe(false);
    expect(interval(new ApiError(503))).toBe(5_000);
  });

  it("are asked for again while one is moving, and only then", () => {
    expect(interval(numbered(0, "REJECTED"), numbered(1, "CONFIRMED"))).toBe(false);
    expect(interval(numbered(0, "REJECTED"), numbered(1, "VALIDATED"))).toBe(5_000);
  });
});

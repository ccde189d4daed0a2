import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw/http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { expectAccessible } from "../accessibility";
import { anOrder, type Order, server, shop } from "../server";
import { basket, fillBasket, signInAs, visit } from "../visit";

const WAY: Order["status"][] = [
  "RECEIVED",
  "VALIDATED",
  "PAYMENT_AUTHORIZED",
  "INVENTORY_RESERVED",
  "CONFIRMED",
];
const moving = (steps: number) =>
  anOrder(WAY.slice(0, steps), { createdAt: new Date().toISOString() });
const done = () => anOrder(WAY, { receiptAvailable: true });
const declined = () =>
  anOrder(["RECEIVED", "VALIDATED", "REJECTING", "REJECTED"], { reason: "PAYMENT_DECLINED" });

function track(order: Order) {
  shop.orders = [order];
  return visit(`/orders/${order.orderId}`);
}
const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const situation = () => screen.getAllByRole("status").find((each) => each.matches(".order-now *"));

/** To be called once the page is there: the router reads the location too. */
function watchLocation() {
  const assign = vi.fn<(url: string) => void>();
  vi.stubGlobal("location", { ...window.location, assign });
  return assign;
}

beforeEach(() => signInAs("ada"));
afterEach(() => vi.unstubAllGlobals());

describe("the order's page", () => {
  it("shows lines, sums, total, number and date", async () => {
    track(done());
    await heading("Order confirmed");
    const details = within(screen.getByRole("region", { name: "Details" }));
    expect(details.getByText("Notebook")).toBeInTheDocument();
    expect(details.getByText("$18.50")).toBeInTheDocument();
    expect(details.getAllByText("$37.00")).toHaveLength(2);
    expect(details.getByText("ORDERA2222222222222222222A")).toBeInTheDocument();
    expect(details.getByText(/Nov 22, 2026/)).toHaveAttribute("datetime", "2026-11-22T10:00:00.000Z");
    await expectAccessible();
  });

  it("names products that the order doesn't name yet", async () => {
    track(anOrder(["RECEIVED"], { lines: [{ productId: "cup", quantity: 1 }] }));
    expect(await screen.findByText("Cup")).toBeInTheDocument();
  });

  it("marks the one step that is in progress", async () => {
    track(moving(3));
    const step = (await screen.findByText("Reserving your items")).closest("li");
    expect(step).toHaveAttribute("aria-current", "step");
    expect(document.querySelectorAll("[aria-current=step]")).toHaveLength(1);
    await expectAccessible();
  });

  it("is there for an order with a status or a reason of a newer API", async () => {
    const newer = track(anOrder(["RECEIVED", "SHIPPED" as Order["status"]]));
    await heading("Order in progress");
    newer.unmount();
    track(anOrder(["RECEIVED", "REJECTED"], { reason: "FRAUD_SUSPECTED" as "SYSTEM_FAULT" }));
    await heading("Order not completed");
    expect(screen.getByRole("button", { name: "Order again" })).toBeInTheDocument();
  });

  it("moves on by itself, and says so politely once for each change", async () => {
    track(moving(1));
    await heading("Order in progress");
    const region = situation();
    const said: (string | null)[] = [];
    const observer = new MutationObserver(() => said.push(region?.textContent ?? null));
    if (region) observer.observe(region, { childList: true, characterData: true, subtree: true });
    await waitFor(() => expect(shop.reads.filter((path) => path.includes("ORDERA")).length).toBe(2));
    expect(said).toEqual([]);

    shop.orders = [done()];
    await heading("Order confirmed");
    expect(situation()).toBe(region);
    expect(region).toHaveTextContent("Thank you. $37.00 has been charged");
    expect(said).toHaveLength(1);
    observer.disconnect();
  });

  it("keeps what it shows when an update fails, and tells", async () => {
    track(moving(2));
    await screen.findByText("This page updates by itself.");
    shop.failing = 503;
    await screen.findByText("Updates are paused. Trying again.");
    expect(screen.getByText("Notebook")).toBeInTheDocument();
    shop.failing = 0;
    await screen.findByText("This page updates by itself.");
  });

  it("tells of an update that fails again and again, before the last try has failed", async () => {
    track(moving(2));
    await screen.findByText("This page updates by itself.");
    let tries = 0;
    server.use(
      http.get("*/api/orders/:orderId", () =>
        (tries += 1) < 3 ? HttpResponse.error() : new Promise<never>(() => undefined),
      ),
    );
    expect(await screen.findByText("Updates are paused. Trying again.")).toBeInTheDocument();
  });

  it("can be tried again if it can't be loaded", async () => {
    shop.failing = 500;
    const { user } = track(done());
    await screen.findByText("Your order could not be loaded.");
    await expectAccessible();
    shop.failing = 0;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await heading("Order confirmed")).toBeInTheDocument();
  });

  it("is calm about an order that is not there, and asks no more", async () => {
    visit("/orders/ORDERB2222222222222222222B");
    await heading("Order not found");
    expect(screen.getByRole("link", { name: "See my orders" })).toHaveAttribute("href", "/orders");
    await expectAccessible();
    expect(shop.reads.filter((path) => path.includes("ORDERB"))).toHaveLength(1);
  });

  it("asks for a sign-in, and reads nothing before", async () => {
    sessionStorage.clear();
    track(done());
    await screen.findByText("Sign in to see your order.");
    await expectAccessible();
    expect(shop.reads.filter((path) => path.includes("orders"))).toEqual([]);
  });

  it("prints", async () => {
    const print = vi.fn<() => void>();
    vi.stubGlobal("print", print);
    const { user } = track(done());
    await user.click(await screen.findByRole("button", { name: "Print this page" }));
    expect(print).toHaveBeenCalledOnce();
  });
});

describe("a refused order", () => {
  it("says what happened and leads to another card, with its lines in the basket again", async () => {
    fillBasket(["notebook", 1, 1700], ["cup", 1, 3400]);
    const { user } = track(declined());
    await heading("Order not completed");
    expect(situation()).toHaveTextContent("You have not been charged, and nothing is held on your card.");
    expect(screen.getByText("Try another card, or ask your bank about this one.")).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Try another card" }));
    await heading("Checkout");
    expect(basket()).toEqual({ notebook: 2, cup: 1 });
    expect(await screen.findByRole("button", { name: "Pay $71.00" })).toBeInTheDocument();
  });

  it("puts its lines into the basket once, however often that is asked for", async () => {
    const first = track(declined());
    await first.user.click(await screen.findByRole("button", { name: "Try another card" }));
    first.unmount();
    const { user } = track(declined());
    await user.click(await screen.findByRole("button", { name: "Try another card" }));
    expect(basket()).toEqual({ notebook: 2 });
  });

  it("leaves out what is no longer sold", async () => {
    const lines = [
      { productId: "vase", quantity: 1 },
      { productId: "cup", quantity: 1 },
    ];
    const { user } = track(
      anOrder(["RECEIVED", "REJECTING", "REJECTED"], { reason: "UNKNOWN_PRODUCT", lines }),
    );
    await user.click(await screen.findByRole("button", { name: "Put the rest in the basket" }));
    await heading("Your basket");
    expect(basket()).toEqual({ cup: 1 });
  });
});

describe("the receipt", () => {
  it("is downloaded by a fresh link", async () => {
    const { user } = track(done());
    const button = await screen.findByRole("button", { name: "Download receipt (PDF)" });
    const assign = watchLocation();
    await user.click(button);
    await waitFor(() =>
      expect(assign).toHaveBeenCalledExactlyOnceWith("https://receipts.test/ORDERA2222222222222222222A.pdf"),
    );
  });

  it("can be tried again when it could not be fetched", async () => {
    const { user } = track(done());
    const button = await screen.findByRole("button", { name: "Download receipt (PDF)" });
    const assign = watchLocation();
    shop.failing = 503;
    await user.click(button);
    await screen.findByText("The receipt could not be fetched.");
    await expectAccessible();
    shop.failing = 0;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(assign).toHaveBeenCalledOnce());
  });

  it("is not offered before it is there", async () => {
    track(anOrder(WAY));
    await heading("Order confirmed");
    expect(screen.queryByRole("button", { name: /receipt/ })).not.toBeInTheDocument();
  });
});

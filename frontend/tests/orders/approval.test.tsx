import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw/http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { expectAccessible } from "../accessibility";
import { after, anAwaitingOrder, anOrder, type Order, server, shop } from "../server";
import { signInAs, visit } from "../visit";

const APPROVE = { name: "Approve the payment" };
const ORDER = anAwaitingOrder().orderId;

function track(order: Order, query = "") {
  shop.orders = [order];
  return visit(`/orders/${order.orderId}${query}`);
}

/** Where the bank's page leads back to, as Stripe's do. */
const back = (status: string, secret = "pi_1_secret_2") =>
  `?payment_intent=pi_1&payment_intent_client_secret=${secret}&redirect_status=${status}`;

/** To be called once the page is there: the router reads the location too. */
function watchLocation() {
  const assign = vi.fn<(url: string) => void>();
  vi.stubGlobal("location", { ...window.location, assign });
  return assign;
}

beforeEach(() => signInAs("ada"));
afterEach(() => vi.unstubAllGlobals());

describe("an order that waits for the customer's approval", () => {
  it("says what for and until when, and has the ways on", async () => {
    const order = anAwaitingOrder();
    track(order);
    await screen.findByRole("button", APPROVE);
    expect(screen.getByRole("heading", { level: 1, name: "Approval needed" })).toBeInTheDocument();
    expect(screen.getByText(/Your bank wants you to approve the payment of \$37\.00\./)).toBeInTheDocument();
    const until = screen.getByText(/^Until/).querySelector("time");
    expect(until).toHaveAttribute("datetime", order.action?.approveBy);
    expect(screen.getByRole("button", { name: "Use another card" })).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Cancel the order" })).toBeInTheDocument();
    await expectAccessible();
  });

  it("leads to the sandbox's bank, which is told the payment and its secret", async () => {
    const { user } = track(anAwaitingOrder());
    const button = await screen.findByRole("button", APPROVE);
    const assign = watchLocation();
    await user.click(button);
    const page = "https://bank.test/sandbox/bank/pi_1?payment_intent_client_secret=pi_1_secret_2";
    await waitFor(() => expect(assign).toHaveBeenCalledExactlyOnceWith(page));
  });

  it("can't be approved once the time is over, and says so", async () => {
    const order = anAwaitingOrder(-1);
    const headers = { Date: new Date().toUTCString() };
    server.use(http.get("*/api/orders/:orderId", () => HttpResponse.json(order, { headers })));
    track(order);
    expect(await screen.findByText(/The time to approve the payment of \$37\.00 is over\./)).toBeInTheDocument();
    expect(screen.queryByRole("button", APPROVE)).not.toBeInTheDocument();
    expect(screen.queryByText(/^Until/)).not.toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Use another card" })).toBeInTheDocument();
    await expectAccessible();
  });

  it("is there, without the approval, when the API does not say how to approve it", async () => {
    const { action: _none, ...order } = anAwaitingOrder();
    track(order);
    expect(await screen.findByRole("button", { name: "Cancel the order" })).toBeInTheDocument();
    expect(screen.queryByRole("button", APPROVE)).not.toBeInTheDocument();
  });

  it("asks for a sign-in when the session has ended, and keeps no secret in the address", async () => {
    sessionStorage.clear();
    track(anAwaitingOrder(), back("succeeded"));
    await screen.findByText("Sign in to see your order.");
    await waitFor(() => expect(window.location.search).toBe(""));
  });

  it("is listed as one, with a link to its page", async () => {
    shop.orders = [anAwaitingOrder()];
    visit("/orders");
    const link = await screen.findByRole("link", { name: /Waiting for your approval/ });
    expect(link).toHaveAttribute("href", `/orders/${ORDER}`);
  });
});

describe("on the way back from the bank", () => {
  it.each([
    ["succeeded", "Your bank has your approval.", false],
    ["failed", "The payment was not approved.", false],
    ["pending", "You have not approved the payment yet.", true],
  ])("the outcome %s is said, once, and not in the address", async (status, words, again) => {
    const first = track(anAwaitingOrder(), back(status));
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(screen.queryAllByRole("button", APPROVE)).toHaveLength(again ? 1 : 0);
    expect(window.location.pathname + window.location.search).toBe(`/orders/${ORDER}`);
    await expectAccessible();
    first.unmount();
    track(anAwaitingOrder());
    expect(await screen.findByRole("button", APPROVE)).toBeInTheDocument();
    expect(screen.queryByText(words)).not.toBeInTheDocument();
  });

  it("what is said of another payment is not believed", async () => {
    track(anAwaitingOrder(), back("succeeded", "pi_1_secret_forged"));
    expect(await screen.findByRole("button", APPROVE)).toBeInTheDocument();
    expect(screen.queryByText("Your bank has your approval.")).not.toBeInTheDocument();
  });

  it("the order moves on by itself, whatever the bank's page said", async () => {
    const order = anAwaitingOrder();
    track(order, back("failed"));
    await screen.findByText("The payment was not approved.");
    shop.orders = [after(order, "PAYMENT_AUTHORIZED")];
    await screen.findByText(/Your bank holds \$37\.00 for us\./, undefined, { timeout: 8_000 });
    expect(screen.queryByText("The payment was not approved.")).not.toBeInTheDocument();
  }, 15_000);
});

describe("a payment that was not approved", () => {
  it.each(["PAYMENT_INTENT_AUTHENTICATION_FAILURE", "AUTHENTICATION_FAILED", "AUTHENTICATION_REQUIRED"])(
    "for %s says so, and has its lines ordered again",
    async (detail) => {
      const order = anOrder(["RECEIVED", "VALIDATED", "AWAITING_PAYMENT", "REJECTING", "REJECTED"], {
        reason: "PAYMENT_DECLINED",
      });
      for (const entry of order.timeline) if (entry.status === "REJECTING") entry.detail = detail;
      track(order);
      await screen.findByText(/: the payment was not approved with the bank\. You have not been charged/);
      expect(screen.getByRole("button", { name: "Try another card" })).toBeInTheDocument();
    },
  );

  it("in time says so, and has its lines ordered again", async () => {
    track(
      anOrder(["RECEIVED", "VALIDATED", "AWAITING_PAYMENT", "REJECTING", "REJECTED"], {
        reason: "PAYMENT_TIMEOUT",
      }),
    );
    await screen.findByText(/that didn't happen in time\. You pay nothing\./);
    expect(screen.getByRole("button", { name: "Order again" })).toBeInTheDocument();
  });
});

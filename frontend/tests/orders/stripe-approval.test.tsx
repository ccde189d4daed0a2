import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { since } from "../../src/orders/server-clock";
import { expectAccessible } from "../accessibility";
import { after, anAwaitingOrder, shop } from "../server";
import { signInAs, visit } from "../visit";

type Result = { paymentIntent: { status: string } } | { error: { code?: string; payment_intent?: { status: string } } };

/**
 * Stripe.js as it is documented: handleNextAction takes an object with the client secret, and throws
 * if the intent is not waiting for an action (https://docs.stripe.com/js/payment_intents/handle_next_action).
 * One at a time is the page's own promise.
 */
const stripe = vi.hoisted(() => {
  const known = {
    keys: [] as string[],
    asked: [] as string[],
    faults: [] as string[],
    isAsking: false,
    isBlocked: false,
    answer: (_result: Result | Error): void => undefined,
    handleNextAction: (...given: unknown[]) => {
      const [options] = given as [Record<string, unknown>];
      if (given.length !== 1 || Object.keys(options).join(",") !== "clientSecret") {
        known.faults.push(`handleNextAction(${JSON.stringify(given)})`);
      }
      if (known.isAsking) known.faults.push("asked twice at once");
      known.isAsking = true;
      known.asked.push(String(options["clientSecret"]));
      return new Promise<Result>((resolve, reject) => {
        known.answer = (result) => {
          known.isAsking = false;
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
      });
    },
  };
  return known;
});

vi.mock("@stripe/stripe-js/pure", () => ({
  loadStripe: (key: string) => {
    stripe.keys.push(key);
    if (stripe.isBlocked) return Promise.reject(new Error("Failed to load Stripe.js"));
    // Whatever else is called is not there, and so a failure.
    return Promise.resolve({ handleNextAction: stripe.handleNextAction });
  },
}));

const APPROVE = { name: "Approve the payment" };
const FAILED = "payment_intent_authentication_failure";

async function asks() {
  const order = anAwaitingOrder();
  const timeline = order.timeline.map((entry) => ({ ...entry, at: "2020-01-01T00:00:00.000Z" }));
  shop.orders = [{ ...order, timeline }];
  since(new Date().toISOString()); // the page knows what time it is
  const page = visit(`/orders/${anAwaitingOrder().orderId}`);
  await page.user.click(await screen.findByRole("button", APPROVE));
  await waitFor(() => expect(stripe.asked).toHaveLength(1));
  return page;
}

beforeEach(() => {
  Object.assign(stripe, { isAsking: false, isBlocked: false });
  for (const list of [stripe.keys, stripe.asked, stripe.faults]) list.length = 0;
  signInAs("ada");
  shop.settings = {
    ...shop.settings,
    paymentGateway: "stripe",
    paymentSandboxUrl: "",
    stripePublishableKey: "pk_test_shop",
  };
});

afterEach(() => stripe.answer(new Error("the test is over")));

describe("with Stripe, a payment that the bank wants approved", () => {
  it("is approved in Stripe's own frame, by the client secret alone, and then asked for anew", async () => {
    await asks();
    expect(stripe.asked).toEqual(["pi_1_secret_2"]);
    expect(stripe.keys).toEqual(["pk_test_shop"]);
    expect(screen.getByRole("button", { name: "Opening your bank's page…" })).toBeInTheDocument();
    shop.orders = shop.orders.map((order) => after(order, "PAYMENT_AUTHORIZED"));
    stripe.answer({ paymentIntent: { status: "requires_capture" } });
    // Sooner than the page asks by itself for an order that has stood still.
    await screen.findByText(/Your bank holds \$37\.00 for us\./, undefined, { timeout: 2_500 });
    expect(stripe.faults).toEqual([]);
  });

  it("is asked about once at a time, however often that is wanted", async () => {
    const { user } = await asks();
    await user.dblClick(screen.getByRole("button", { name: "Opening your bank's page…" }));
    expect(stripe.asked).toHaveLength(1);
    stripe.answer({ error: { payment_intent: { status: "requires_action" } } });
    await user.dblClick(await screen.findByRole("button", APPROVE));
    await waitFor(() => expect(stripe.asked).toHaveLength(2));
    expect(stripe.faults).toEqual([]);
  });

  it("is asked about once by a page that was left and entered again", async () => {
    const first = await asks();
    first.unmount();
    const { user } = visit(`/orders/${anAwaitingOrder().orderId}`);
    await user.click(await screen.findByRole("button", APPROVE));
    await screen.findByRole("button", { name: "Opening your bank's page…" });
    stripe.answer({ paymentIntent: { status: "requires_capture" } });
    await screen.findByText("Your bank has your approval.");
    expect(stripe.asked).toHaveLength(1);
  });

  it.each<[string, Result | Error, string, boolean]>([
    ["approved", { paymentIntent: { status: "requires_capture" } }, "Your bank has your approval.", false],
    ["refused", { error: { code: FAILED } }, "The payment was not approved.", false],
    [
      "closed by the customer",
      { error: { code: FAILED, payment_intent: { status: "requires_payment_method" } } },
      "The payment was not approved.",
      false,
    ],
    [
      "approved and then declined",
      { error: { code: "card_declined", payment_intent: { status: "requires_payment_method" } } },
      "The payment was not approved.",
      false,
    ],
    [
      "still to be approved",
      { error: { payment_intent: { status: "requires_action" } } },
      "You have not approved the payment yet.",
      true,
    ],
    ["cut off", { error: {} }, "We don't know yet whether the payment is approved.", true],
    [
      "approved in another tab",
      new Error("The PaymentIntent supplied is not in the requires_action state."),
      "We don't know yet whether the payment is approved.",
      true,
    ],
  ])("and was %s says so in plain words", async (_how, result, words, again) => {
    await asks();
    stripe.answer(result);
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(screen.queryAllByRole("button", APPROVE)).toHaveLength(again ? 1 : 0);
    await expectAccessible();
  });

  it("can be tried again when Stripe.js could not be loaded", async () => {
    stripe.isBlocked = true;
    shop.orders = [anAwaitingOrder()];
    const { user } = visit(`/orders/${anAwaitingOrder().orderId}`);
    await user.click(await screen.findByRole("button", APPROVE));
    expect(await screen.findByText("Your bank's page could not be opened.")).toBeInTheDocument();
    stripe.isBlocked = false;
    await user.click(screen.getByRole("button", APPROVE));
    await waitFor(() => expect(stripe.asked).toHaveLength(1));
    expect(screen.queryByText("Your bank's page could not be opened.")).not.toBeInTheDocument();
  });

  it("loads nothing of Stripe's before it is asked for", async () => {
    shop.orders = [anAwaitingOrder()];
    visit(`/orders/${anAwaitingOrder().orderId}`);
    await screen.findByRole("button", APPROVE);
    expect(stripe.keys).toEqual([]);
  });
});

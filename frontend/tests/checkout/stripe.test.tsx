import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { expectAccessible } from "../accessibility";
import { shop } from "../server";
import { fillBasket, signInAs, visit } from "../visit";

const gateway = vi.hoisted(() => ({
  keys: [] as string[],
  made: [] as ({ paymentMethod: { id: string } } | { error: { message: string } })[],
  scripts: undefined as ((url: string) => string | null) | undefined,
}));

vi.mock("@stripe/stripe-js/pure", () => {
  const element = { on: () => element, mount: () => {}, destroy: () => {}, focus: () => {} };
  const stripe = {
    elements: () => ({ create: () => element }),
    createPaymentMethod: () => Promise.resolve(gateway.made.shift()),
  };
  return {
    loadStripe: (key: string) => {
      gateway.keys.push(key);
      return Promise.resolve(stripe);
    },
  };
});

Object.assign(window, {
  trustedTypes: {
    createPolicy: (name: string, rules: { createScriptURL: (url: string) => string | null }) => {
      if (name === "default") gateway.scripts = rules.createScriptURL;
    },
  },
});

const pay = async (user: ReturnType<typeof visit>["user"]) =>
  user.click(await screen.findByRole("button", { name: "Pay $18.50" }));

beforeEach(() => {
  signInAs("ada");
  fillBasket(["notebook", 1, 1850]);
});

describe("a stack with Stripe", () => {
  beforeEach(() => {
    shop.settings = {
      ...shop.settings,
      paymentGateway: "stripe",
      stripePublishableKey: "pk_test_shop",
    };
  });

  it("pays with the token that Stripe made, and has no field for a card number", async () => {
    gateway.made = [{ paymentMethod: { id: "pm_of_stripe" } }];
    const { user } = visit("/checkout");
    await screen.findByText("Card");
    expect(screen.getAllByRole("textbox")).toEqual([screen.getByLabelText(/Name on the receipt/)]);
    await expectAccessible();
    await pay(user);
    await waitFor(() => expect(shop.posts[0]?.body.paymentMethod).toBe("pm_of_stripe"));
    expect(gateway.keys).toContain("pk_test_shop");
  });

  it("shows at the field what is wrong with the card, and sends nothing", async () => {
    gateway.made = [{ error: { message: "Your card number is incomplete." } }];
    const { user } = visit("/checkout");
    await screen.findByText("Card");
    await pay(user);
    await screen.findByText("Your card number is incomplete.");
    expect(shop.posts).toEqual([]);

    gateway.made = [{ paymentMethod: { id: "pm_of_stripe" } }];
    await pay(user);
    await waitFor(() => expect(shop.posts).toHaveLength(1));
  });

  it("asks for one token, however often Pay is pressed", async () => {
    gateway.made = [{ paymentMethod: { id: "pm_1" } }, { paymentMethod: { id: "pm_2" } }];
    const { user } = visit("/checkout");
    await screen.findByText("Card");
    await user.dblClick(await screen.findByRole("button", { name: "Pay $18.50" }));
    await waitFor(() => expect(shop.posts).toHaveLength(1));
    expect(gateway.made).toHaveLength(1);
  });

  it("trusts scripts of Stripe's own host alone", () => {
    const trusted = gateway.scripts ?? ((url) => url);
    expect(trusted("https://js.stripe.com/v3/")).toBe("https://js.stripe.com/v3/");
    for (const url of ["https://js.stripe.com.evil.test/", "http://js.stripe.com/", "/assets/x.js"]) {
      expect(trusted(url)).toBeNull();
    }
  });
});

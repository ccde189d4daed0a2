import { render, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw/http";
import { describe, expect, it, vi } from "vitest";

import { answerOf, api } from "../../src/api/client";
import { Failure } from "../../src/components/failure";
import { loadSettings } from "../../src/settings";
import { server } from "../server";

const CONNECTION = "Check your connection; nothing is lost.";
const OURS = "Something is wrong on our side; nothing is lost. Try again in a moment.";

const json = (status: number, body: Record<string, unknown>) => () =>
  HttpResponse.json(body, { status });

/** What a customer reads when this could not be had. */
async function reason(call: Promise<unknown>): Promise<string | null> {
  const error = await call.then(
    () => new Error("it could be had"),
    (failed: Error) => failed,
  );
  render(<Failure what="It" error={error} retry={() => undefined} />);
  return screen.getByRole("alert").querySelector("p:not(.notice-title)")?.textContent ?? null;
}

describe("what could not be loaded", () => {
  it.each([
    ["the connection is lost", () => HttpResponse.error(), CONNECTION],
    ["the answer isn't the API's", () => new HttpResponse("<html>"), OURS],
    ["a success says nothing", () => new HttpResponse(""), OURS],
    ["the shop is broken", json(500, { title: "Internal" }), OURS],
    ["the shop is overrun", json(429, {}), OURS],
    ["it is forbidden", () => new HttpResponse("<html>", { status: 403 }), OURS],
    ["it is not valid", json(400, { detail: 'cursor: ["x"] is undefined' }), OURS],
  ])("is said without internals to have failed because %s", async (_why, answer, expected) => {
    server.use(http.get("*/api/products", answer));
    expect(await reason(answerOf(api.GET("/api/products")))).toBe(expected);
  });

  it("is said to have failed for the connection while there is none", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    expect(await reason(Promise.reject(new Error("Failed to load Stripe.js")))).toBe(CONNECTION);
  });

  it.each([
    ["are not known to it", json(200, { paymentGateway: "adyen" }), OURS],
    ["are no settings", () => new HttpResponse("<html>"), OURS],
    ["can't be had", () => HttpResponse.error(), CONNECTION],
    ["fail", json(503, {}), OURS],
  ])("is said without internals to have failed if the settings %s", async (_why, answer, expected) => {
    server.use(http.get("*/config.json", answer));
    expect(await reason(loadSettings())).toBe(expected);
  });
});

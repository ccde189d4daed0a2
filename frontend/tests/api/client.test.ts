import { http, HttpResponse } from "msw/http";
import { describe, expect, it } from "vitest";

import { answerOf, api } from "../../src/api/client";
import { ApiError } from "../../src/api/problem";
import { currentSession } from "../../src/session/session";
import { server, shop } from "../server";
import { signInAs } from "../visit";

const orders = () => answerOf(api.GET("/api/orders", { params: { query: {} } }));
const ORDERS = `${window.location.origin}/api/orders`;

async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`no ApiError but ${String(error)}`);
}

describe("the API's client", () => {
  it("sends the token to the customer's routes and not with the catalogue", async () => {
    signInAs("ada");
    const seen: (string | null)[] = [];
    server.events.on("request:start", ({ request }) => {
      seen.push(request.headers.get("Authorization"));
    });
    await orders();
    await answerOf(api.GET("/api/products"));
    server.events.removeAllListeners();
    expect(seen).toEqual(["Bearer token-of-ada", null]);
  });

  it("asks nothing of the customer's routes while nobody is signed in", async () => {
    const { status, isTransient } = await failure(orders());
    expect([status, isTransient]).toEqual([401, false]);
    expect(shop.reads).toEqual([]);
  });

  it("ends the session when the API no longer takes its token", async () => {
    signInAs("ada");
    shop.failing = 401;
    expect((await failure(orders())).status).toBe(401);
    expect(currentSession()).toBeNull();
  });

  it("tells every fault of a refusal, by its path", async () => {
    signInAs("ada");
    const errors = [{ path: "name", message: "is too long" }];
    server.use(
      http.get(ORDERS, () =>
        HttpResponse.json(
          { detail: "Not valid.", errors },
          { status: 422, headers: { "Content-Type": "application/problem+json" } },
        ),
      ),
    );
    const error = await failure(orders());
    expect([error.message, error.faults, error.isTransient]).toEqual(["Not valid.", errors, false]);
  });

  it.each([
    ["a lost connection", () => HttpResponse.error()],
    ["an answer that isn't the API's", () => new HttpResponse("<html>", { status: 200 })],
    ["a success without a body", () => new HttpResponse(null, { status: 200 })],
    ["a gateway's own error page", () => new HttpResponse("<html>", { status: 502 })],
    ["too many requests", () => HttpResponse.json({}, { status: 429 })],
  ])("takes %s for something that may succeed later", async (_what, answer) => {
    signInAs("ada");
    server.use(http.get(ORDERS, answer));
    expect((await failure(orders())).isTransient).toBe(true);
  });
});

import { http, HttpResponse } from "msw/http";
import { describe, expect, it, vi } from "vitest";

import { answerOf, api } from "../../src/api/client";
import { ApiError } from "../../src/api/problem";
import { currentSession } from "../../src/session/session";
import { server, shop } from "../server";
import { answerTokens, idTokenOf, tokensOf } from "../tokens";
import { signInAs } from "../visit";

const orders = () => answerOf(api.GET("/api/orders", { params: { query: {} } }));
const ORDER = {
  lines: [{ productId: "cup", quantity: 1 }],
  expectedTotal: { amount: 3400, currency: "USD" },
};
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
  it.each([
    ["no answer", () => HttpResponse.error(), 0, "The shop could not be reached"],
    ["an answer that isn't the API's", () => new HttpResponse("<html>"), 502, "The shop could not answer"],
    ["a success that says nothing", () => new HttpResponse(""), 502, "The shop could not answer"],
    ["a firewall's refusal", () => new HttpResponse("<html>", { status: 403 }), 403, "The shop could not answer"],
  ])("tells %s from the others", async (_what, answer, status, message) => {
    server.use(http.get("*/api/products", answer));
    expect(await failure(answerOf(api.GET("/api/products")))).toMatchObject({ status, message });
  });

  it("takes a sign-in that fails for no lost connection", async () => {
    signInAs("ada", 10);
    server.use(http.post("https://login.test/oauth2/token", () => new HttpResponse("", { status: 500 })));
    expect((await failure(orders())).status).toBe(502);
  });

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

  it("renews a token that the API refuses, and sends the same request again", async () => {
    signInAs("ada", 3600, idTokenOf("ada"));
    answerTokens(() => tokensOf("ada"));
    shop.endings = [{ status: 401 }];
    const request = { ...ORDER, paymentMethod: "pm_card_visa" };
    const params = { header: { "Idempotency-Key": "the-one-key-of-this-order" } };
    await answerOf(api.POST("/api/orders", { params, body: request }));
    expect(shop.posts.map(({ key, body }) => [key, body])).toEqual([
      ["the-one-key-of-this-order", request],
      ["the-one-key-of-this-order", request],
    ]);
    expect(currentSession()?.customerId).toBe("ada");
  });

  it("ends the session when the API refuses the renewed token too, and asks no further", async () => {
    signInAs("ada", 3600, idTokenOf("ada"));
    const asked = answerTokens(() => tokensOf("ada"));
    shop.failing = 401;
    expect((await failure(orders())).status).toBe(401);
    expect(currentSession()).toBeNull();
    expect(asked).toHaveLength(1);
    expect(shop.reads).toHaveLength(2);
  });

  it("ends the session when a refused token can't be renewed any more", async () => {
    signInAs("ada");
    shop.failing = 401;
    expect((await failure(orders())).status).toBe(401);
    expect(currentSession()).toBeNull();
    expect(shop.reads).toHaveLength(1);
  });

  it("keeps the session when a token is refused and nobody can be asked for another", async () => {
    signInAs("ada");
    answerTokens(() => HttpResponse.error());
    shop.failing = 401;
    expect((await failure(orders())).isTransient).toBe(true);
    expect(currentSession()?.customerId).toBe("ada");
  });

  it.each(["/api/products", "/api/orders"] as const)(
    "gives up a GET of %s that is never answered, for one that may succeed later",
    async (path) => {
      signInAs("ada");
      const timeout = new AbortController();
      const limit = vi.spyOn(AbortSignal, "timeout").mockReturnValue(timeout.signal);
      server.use(
        http.get(`${window.location.origin}${path}`, () => {
          setTimeout(() => timeout.abort());
          return new Promise<never>(() => undefined);
        }),
      );
      const { signal } = new AbortController();
      expect((await failure(answerOf(api.GET(path, { signal })))).isTransient).toBe(true);
      expect(limit).toHaveBeenCalledWith(20_000);
    },
  );

  it("lets go of a GET that is no longer wanted", async () => {
    const unwanted = new AbortController();
    server.use(
      http.get(`${window.location.origin}/api/products`, () => {
        setTimeout(() => unwanted.abort());
        return new Promise<never>(() => undefined);
      }),
    );
    const { signal } = unwanted;
    expect((await failure(answerOf(api.GET("/api/products", { signal })))).status).toBe(0);
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

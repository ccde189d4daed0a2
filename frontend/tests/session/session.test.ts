import { http, HttpResponse } from "msw/http";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { redirectToSignIn, signOutUrl } from "../../src/session/oidc";
import {
  completeSignIn,
  currentSession,
  expire,
  hasExpired,
  idToken,
  signIn as startSignIn,
  signOut,
  whyNoSignIn,
} from "../../src/session/session";
import { server } from "../server";
import { answerTokens, idTokenOf, tokensOf } from "../tokens";
import { refuseStorage, signInAs } from "../visit";

/** Everything that this browser keeps beyond the tab. */
const beyondTheTab = () => JSON.stringify({ ...localStorage }) + document.cookie;

beforeEach(() => vi.unstubAllGlobals());

describe("the ID token", () => {
  it("is the signed-in customer's, without asking anybody while it lasts", async () => {
    signInAs("ada");
    expect(await idToken()).toBe("token-of-ada");
  });

  it("is nobody's while nobody is signed in", async () => {
    expect(currentSession()).toBeNull();
    expect(await idToken()).toBeNull();
  });

  it("is renewed shortly before it ends, once for all who ask", async () => {
    signInAs("ada", 30, idTokenOf("ada"));
    const asked = answerTokens(() => tokensOf("ada"));
    const [one, other] = await Promise.all([idToken(), idToken()]);
    expect(one).toMatch(/^ey.*\.signature$/);
    expect(other).toBe(one);
    expect(asked.map((query) => query.get("refresh_token"))).toEqual(["refresh-of-ada"]);
    expect(currentSession()?.customerId).toBe("ada");
  });

  it("is kept in the tab alone, after a renewal too", async () => {
    signInAs("ada", 30, idTokenOf("ada"));
    answerTokens(() => tokensOf("ada"));
    const token = await idToken();
    expect(JSON.stringify({ ...sessionStorage })).toContain(token);
    for (const secret of [token, "refresh-of-ada", "access-secret"]) {
      expect(beyondTheTab()).not.toContain(secret);
    }
  });

  it("ends with its session when the renewal is refused", async () => {
    signInAs("ada", 30);
    answerTokens(() => HttpResponse.json({ error: "invalid_grant" }, { status: 400 }));
    expect(await idToken()).toBeNull();
    expect(currentSession()).toBeNull();
    expect(hasExpired()).toBe(true);
  });

  it.each([
    [/fetch/, () => HttpResponse.error()],
    [/too_many/, () => HttpResponse.json({ error: "too_many_requests" }, { status: 429 })],
    [/server_error/, () => HttpResponse.json({ error: "server_error" }, { status: 500 })],
  ])("does not end its session when it can't be renewed now: %s", async (why, answer) => {
    signInAs("ada", 30);
    answerTokens(answer);
    await expect(idToken()).rejects.toThrow(why);
    expect(currentSession()?.customerId).toBe("ada");
  });

  it("is nobody's once its customer has signed out, a renewal on its way or not", async () => {
    signInAs("ada", 30, idTokenOf("ada"));
    vi.stubGlobal("location", { ...window.location, assign: () => undefined });
    const arrived = Promise.withResolvers<void>();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    server.use(
      http.post("https://login.test/oauth2/token", async () => {
        arrived.resolve();
        await held;
        return tokensOf("ada");
      }),
    );
    const token = idToken();
    await arrived.promise;
    await signOut();
    release();
    expect(await token).toBeNull();
    expect(currentSession()).toBeNull();
  });
});

describe("a session", () => {
  it("that has expired leaves no token behind", () => {
    signInAs("ada");
    expire();
    expect(currentSession()).toBeNull();
    expect(JSON.stringify({ ...sessionStorage })).not.toContain("of-ada");
  });

  it("that is signed out ends here and at the hosted login", async () => {
    signInAs("ada");
    const assign = vi.fn<(url: string) => void>();
    vi.stubGlobal("location", { ...window.location, assign });
    await signOut();
    expect(currentSession()).toBeNull();
    const url = new URL(assign.mock.calls[0]?.[0] ?? "");
    expect(url.origin + url.pathname).toBe("https://login.test/logout");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "web",
      logout_uri: `${window.location.origin}/`,
    });
    expect(await signOutUrl()).toBe(url.href);
  });

  it("that is signed out ends in the customer's other tabs, which are told no token", async () => {
    const other = new BroadcastChannel("orders.signed-out");
    const told = new Promise((resolve) => {
      other.addEventListener("message", ({ data }: MessageEvent<unknown>) => resolve(data));
    });
    signInAs("ada");
    vi.stubGlobal("location", { ...window.location, assign: () => undefined });
    await signOut();
    expect(await told).toBe("ada");
    other.close();
  });

  it.each([
    ["ada", null],
    ["bob", "ada"],
  ])("ends when %s signs out in another tab, if it is theirs", async (customerId, left) => {
    signInAs("ada");
    const other = new BroadcastChannel("orders.signed-out");
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only a window has one
    other.postMessage(customerId);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(currentSession()?.customerId ?? null).toBe(left);
    other.close();
  });

  it("is not read from something else in its place", () => {
    sessionStorage.setItem("orders.session", '{"id_token": 5}');
    expect(currentSession()).toBeNull();
    sessionStorage.setItem("orders.session", "no JSON");
    expect(currentSession()).toBeNull();
  });

  it("lasts as long as the page where the browser refuses to keep it", async () => {
    refuseStorage();
    signInAs("ada");
    expect(await idToken()).toBe("token-of-ada");
    expire();
    expect(await idToken()).toBeNull();
  });
});

/** Goes to the hosted login and comes back from it. Resolves to where the customer goes on. */
async function signIn(returnTo: string): Promise<string> {
  const there = Promise.withResolvers<URL>();
  const location = { ...window.location, assign: (url: string) => there.resolve(new URL(url)) };
  vi.stubGlobal("location", location);
  void redirectToSignIn(returnTo);
  const asked = await there.promise;
  expect(asked.searchParams.get("code_challenge_method")).toBe("S256");
  expect(asked.searchParams.get("response_type")).toBe("code");
  const query = new URLSearchParams({ code: "c", state: asked.searchParams.get("state") ?? "" });
  vi.stubGlobal("location", { ...location, href: `${location.origin}/signed-in?${query.toString()}` });
  return completeSignIn();
}

describe("a sign-in", () => {
  it("by code and proof key leads back to where it began", async () => {
    const asked = answerTokens(() => tokensOf("ada"));
    expect(await signIn("/checkout")).toBe("/checkout");
    expect(asked[0]?.get("code_verifier")).toBeTruthy();
    expect(currentSession()).toEqual({ customerId: "ada", email: "ada@example.com" });
    expect(beyondTheTab()).not.toMatch(/ey\w|access-secret/);
  });

  it.each(["//evil.test/", "https://evil.test/", "javascript:alert(1)"])(
    "never leads to another site: %s",
    async (returnTo) => {
      answerTokens(() => tokensOf("ada"));
      expect(await signIn(returnTo)).toBe("/");
    },
  );

  it("that the browser keeps nothing for says so", async () => {
    refuseStorage();
    const reason: unknown = await startSignIn("/").catch((error: unknown) => error);
    expect(whyNoSignIn(reason)).toMatch(/blocks/);
  });

  it("that this tab did not ask for is refused", async () => {
    const href = `${window.location.origin}/signed-in?code=c&state=forged`;
    vi.stubGlobal("location", { ...window.location, href });
    await expect(completeSignIn()).rejects.toThrow("No matching state found");
    expect(currentSession()).toBeNull();
  });
});

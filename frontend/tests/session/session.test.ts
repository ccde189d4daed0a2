import { http, HttpResponse } from "msw/http";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { redirectToSignIn, signOutUrl } from "../../src/session/oidc";
import {
  completeSignIn,
  currentSession,
  expire,
  hasExpired,
  idToken,
  signOut,
} from "../../src/session/session";
import { server } from "../server";
import { signInAs } from "../visit";

const TOKENS = "https://login.test/oauth2/token";

/** What the token endpoint is asked, and what it answers. */
function answerTokens(answer: () => Response): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.post(TOKENS, async ({ request }) => {
      asked.push(new URLSearchParams(await request.text()));
      return answer();
    }),
  );
  return asked;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** An ID token as OpenID wants it, but for the signature, which only the API looks at. */
function idTokenOf(customerId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://issuer.test", aud: "web", iat: now, exp: now + 3600 };
  const customer = { sub: customerId, email: `${customerId}@example.com` };
  return `${encoded({ alg: "RS256" })}.${encoded({ ...claims, ...customer })}.signature`;
}

const tokensOf = (customerId: string) =>
  HttpResponse.json({
    id_token: idTokenOf(customerId),
    access_token: "access-secret",
    token_type: "Bearer",
    expires_in: 3600,
  });

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

  it("does not end its session when nobody can be asked", async () => {
    signInAs("ada", 30);
    answerTokens(() => HttpResponse.error());
    await expect(idToken()).rejects.toThrow(/fetch/);
    expect(currentSession()?.customerId).toBe("ada");
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

  it("is not read from something else in its place", () => {
    sessionStorage.setItem("orders.session", '{"id_token": 5}');
    expect(currentSession()).toBeNull();
    sessionStorage.setItem("orders.session", "no JSON");
    expect(currentSession()).toBeNull();
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

  it("that this tab did not ask for is refused", async () => {
    const href = `${window.location.origin}/signed-in?code=c&state=forged`;
    vi.stubGlobal("location", { ...window.location, href });
    await expect(completeSignIn()).rejects.toThrow("No matching state found");
    expect(currentSession()).toBeNull();
  });
});

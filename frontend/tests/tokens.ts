import { http, HttpResponse } from "msw/http";

import { server } from "./server";

/** What the token endpoint is asked from now on; `answer` is what it answers. */
export function answerTokens(answer: () => Response): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.post("https://login.test/oauth2/token", async ({ request }) => {
      asked.push(new URLSearchParams(await request.text()));
      return answer();
    }),
  );
  return asked;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** An ID token as OpenID wants it, but for the signature, which only the API looks at. */
export function idTokenOf(customerId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://issuer.test", aud: "web", iat: now, exp: now + 3600 };
  const customer = { sub: customerId, email: `${customerId}@example.com` };
  return `${encoded({ alg: "RS256" })}.${encoded({ ...claims, ...customer })}.signature`;
}

/** The token endpoint's answer if all is well. */
export const tokensOf = (customerId: string): Response =>
  HttpResponse.json({
    id_token: idTokenOf(customerId),
    access_token: "access-secret",
    token_type: "Bearer",
    expires_in: 3600,
  });

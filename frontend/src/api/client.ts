import createClient from "openapi-fetch";

import { SECURED } from "./contract";
import { ApiError, isUnanswered, type Problem } from "./problem";
import type { paths } from "./schema";

const PATIENCE = 20_000; // milliseconds; a connection that died silently would never answer

/** Where the customer's ID token comes from. */
export type SignIn = {
  /** The token, another one than `refused`; null if nobody is signed in. Rejects if it can't be had. */
  idToken: (refused?: string) => Promise<string | null>;
  /** Ends the session, because the API refuses its tokens. */
  expire: () => void;
};

let signIn: SignIn = { idToken: () => Promise.resolve(null), expire: () => undefined };

/** To be called before the first request of a customer's. */
export function takeTokensFrom(source: SignIn): void {
  signIn = source;
}

/** Typed by the contract. The operations that it secures are sent with the customer's ID token. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

const secured = new WeakSet<Request>();

api.use({
  onRequest({ request, schemaPath }) {
    if (SECURED.has(`${request.method} ${schemaPath}`)) secured.add(request);
  },
});

function send(request: Request): Promise<Response> {
  const sent = new Request(request, { signal: limited(request.signal) });
  // The catalogue is for everybody, and cached as such.
  return secured.has(request) ? sendAsCustomer(sent) : fetch(sent);
}

/** Aborts when `unwanted` does, and when patience ends. Older browsers have no AbortSignal.any. */
function limited(unwanted: AbortSignal): AbortSignal {
  const either = new AbortController();
  for (const signal of [unwanted, AbortSignal.timeout(PATIENCE)]) {
    if (signal.aborted) either.abort(signal.reason);
    else signal.addEventListener("abort", () => either.abort(signal.reason));
  }
  return either.signal;
}

/** The same request once more, with a new token, if the first is refused. Then the session is over. */
async function sendAsCustomer(request: Request): Promise<Response> {
  const token = await signIn.idToken();
  if (token === null) throw new ApiError(401, { title: "Sign in to do this" });
  const response = await fetch(withToken(request.clone(), token));
  if (response.status !== 401) return response;
  const renewed = await signIn.idToken(token);
  if (renewed === null) return response;
  const answer = await fetch(withToken(request, renewed));
  if (answer.status === 401) signIn.expire();
  return answer;
}

function withToken(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

/** Stands for a success that isn't the API's, but of something on the way to it. */
export const BAD_GATEWAY = 502;

type Answer<T> = { data?: T | undefined; error?: unknown; response: Response };

/** The body of a successful answer. Throws ApiError for everything else, a lost connection too. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(isUnanswered(error) ? 0 : BAD_GATEWAY);
  }
  if (answer.data !== undefined) return answer.data;
  // The API never succeeds without a body.
  if (answer.response.ok) throw new ApiError(BAD_GATEWAY);
  throw new ApiError(answer.response.status, problemOf(answer));
}

/** What the API says is wrong; undefined if somebody else answered. */
function problemOf({ error, response }: Answer<unknown>): Partial<Problem> | undefined {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("application/problem+json")) return undefined;
  return typeof error === "object" && error !== null ? error : undefined;
}

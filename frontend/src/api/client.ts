import createClient from "openapi-fetch";

import { expire, idToken } from "../session/session";
import { ApiError, isUnanswered, type Problem } from "./problem";
import type { paths } from "./schema";

const PATIENCE = 20_000; // milliseconds; a connection that died silently would never answer

/** Typed by the contract. Calls under /api/orders carry the customer's ID token. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

function send(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]);
  const sent = new Request(request, { signal });
  // The catalogue is for everybody, and cached as such.
  const isCustomers = new URL(request.url).pathname.startsWith("/api/orders");
  return isCustomers ? sendAsCustomer(sent) : fetch(sent);
}

/** The same request once more, with a new token, if the first is refused. Then the session is over. */
async function sendAsCustomer(request: Request): Promise<Response> {
  const token = await idToken();
  if (token === null) throw new ApiError(401, { title: "Sign in to do this" });
  const response = await fetch(withToken(request.clone(), token));
  if (response.status !== 401) return response;
  const renewed = await idToken(token);
  if (renewed === null) return response;
  const answer = await fetch(withToken(request, renewed));
  if (answer.status === 401) expire();
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

import type { components } from "./schema";

/** RFC 9457. */
export type Problem = components["schemas"]["Problem"];

/**
 * A request that did not succeed. `status` is 0 if no usable answer came. `isFromApi` says whether
 * the API itself answered, and not something on the way to it.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly isFromApi: boolean;
  readonly faults: NonNullable<Problem["errors"]>;

  constructor(status: number, problem?: Partial<Problem>) {
    super(problem?.detail ?? problem?.title ?? `The shop could not ${status === 0 ? "be reached" : "answer"}`);
    this.name = "ApiError";
    this.status = status;
    this.isFromApi = problem !== undefined;
    this.faults = problem?.errors ?? [];
  }

  /** Whether the same request may succeed later, and whether it took effect is not known. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && error.isTransient;
}

/** Whether no answer came at all: fetch throws for a lost connection and for a time-out. */
export function isUnanswered(error: unknown): boolean {
  const isGivenUp = error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name);
  return isGivenUp || hasStatus(error, 0) || error instanceof TypeError;
}

export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

import { QueryClient } from "@tanstack/react-query";

import { isTransient } from "./problem";

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 8_000;

/** Milliseconds before try `count` + 1: doubling, and never the same for two customers. */
export function pause(count: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** count) * (0.5 + Math.random() / 2);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 4 && isTransient(error),
        retryDelay: pause,
      },
    },
  });
}

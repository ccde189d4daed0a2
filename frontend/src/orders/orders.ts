import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answerOf, api } from "../api/client";
import { isTransient } from "../api/problem";
import type { components } from "../api/schema";
import { since, until } from "./server-clock";

export type Order = components["schemas"]["Order"];
export type OrderSummary = components["schemas"]["OrderSummary"];
export type OrderStatus = components["schemas"]["OrderStatus"];
export type RejectionReason = components["schemas"]["RejectionReason"];

const BRISK = 30_000;
const CALM = 5_000;
const RARE = 60_000;
const PATIENCE = 120_000;

/** Whether it has stood still for longer than an order usually does. */
export function isLate(order: Order): boolean {
  return !order.settled && since(changedAt(order)) > PATIENCE;
}

function changedAt({ timeline, createdAt }: Order): string {
  return timeline.at(-1)?.at ?? createdAt;
}

/** Whether the payment can't be approved any more. */
export function isTimeOver({ action }: Order): boolean {
  return action !== undefined && until(action.approveBy) <= 0;
}

/** One order, asked for again until it is settled: each second while it moves, then every five. */
export function orderQuery(orderId: string, customerId: string) {
  return queryOptions({
    queryKey: ["orders", customerId, orderId],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/orders/{orderId}", { params: { path: { orderId } }, signal })),
    // An answer that was overtaken by a newer one never takes the order back.
    structuralSharing: (older, newer) =>
      older && (older as Order).version > (newer as Order).version ? older : newer,
    refetchInterval: ({ state: { data, error } }) => {
      if (!data) return untilThere(error);
      if (data.settled) return false;
      return since(changedAt(data)) < BRISK ? 1_000 : CALM;
    },
  });
}

/** What is not there, or not this customer's, won't be there in a second either. */
function untilThere(error: Error | null): number | false {
  return error && !isTransient(error) ? false : CALM;
}

/**
 * The customer's orders, newest first, a page at a time; asked for again while any is moving, and
 * the less the longer ago that was placed.
 */
export function ordersQuery(customerId: string) {
  return infiniteQueryOptions({
    queryKey: ["orders", customerId],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/orders", {
          params: { query: pageParam ? { cursor: pageParam } : {} },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.cursor,
    refetchInterval: ({ state: { data, error } }) => {
      if (!data) return untilThere(error);
      const moving = data.pages.flatMap(({ orders }) => orders).filter((order) => !order.settled);
      if (moving.length === 0) return false;
      const youngest = Math.min(...moving.map(({ createdAt }) => since(createdAt)));
      return Math.min(Math.max(CALM, youngest / 20), RARE);
    },
  });
}

/** Cancels an order that waits for the customer. Throws ApiError, 409 if it has gone on meanwhile. */
export async function cancelOrder(orderId: string): Promise<void> {
  await answerOf(api.POST("/api/orders/{orderId}/cancel", { params: { path: { orderId } } }));
}

/** A link to the receipt that works for a few minutes. */
export async function receiptUrl(orderId: string): Promise<string> {
  const path = { orderId };
  return (await answerOf(api.GET("/api/orders/{orderId}/receipt", { params: { path } }))).url;
}

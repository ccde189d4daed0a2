import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answerOf, api } from "../api/client";
import { isTransient } from "../api/problem";
import type { components } from "../api/schema";

export type Order = components["schemas"]["Order"];
export type OrderSummary = components["schemas"]["OrderSummary"];
export type OrderStatus = components["schemas"]["OrderStatus"];
export type RejectionReason = components["schemas"]["RejectionReason"];

const FINAL: ReadonlySet<OrderStatus> = new Set(["CONFIRMED", "REJECTED", "CANCELLED"]);
const BRISK = 30_000;
const CALM = 5_000;

/** Whether nothing more will change: the end is reached and, if there is to be a receipt, it's there. */
export function isSettled(order: Order): boolean {
  return hasEnded(order) && (order.status !== "CONFIRMED" || order.receiptAvailable);
}

function hasEnded({ status }: { status: OrderStatus }): boolean {
  return FINAL.has(status);
}

/** One order, asked for again until it is settled: each second at first, later every five. */
export function orderQuery(orderId: string, customerId: string) {
  return queryOptions({
    queryKey: ["orders", customerId, orderId],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/orders/{orderId}", { params: { path: { orderId } }, signal })),
    // An answer that was overtaken by a newer one never takes the order back.
    structuralSharing: (older, newer) =>
      older && (older as Order).version > (newer as Order).version ? older : newer,
    refetchInterval: ({ state: { data, error } }) => {
      // An order that is not there, or not this customer's, won't be there in a second either.
      if (!data) return error && !isTransient(error) ? false : CALM;
      if (isSettled(data)) return false;
      return Date.now() - Date.parse(data.createdAt) < BRISK ? 1_000 : CALM;
    },
  });
}

/** The customer's orders, newest first, a page at a time; asked for again while any is moving. */
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
    refetchInterval: ({ state: { data } }) =>
      data?.pages.every(({ orders }) => orders.every(hasEnded)) ? false : CALM,
  });
}

/** A link to the receipt that works for a few minutes. */
export async function receiptUrl(orderId: string): Promise<string> {
  const path = { orderId };
  return (await answerOf(api.GET("/api/orders/{orderId}/receipt", { params: { path } }))).url;
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { isTransient } from "../api/problem";
import { pause } from "../api/query-client";
import { wasPaid } from "./order-copy";
import { cancelOrder, type Order } from "./orders";
import { usePutBack } from "./use-put-back";

const RETRIES = 3;

/**
 * Cancels the order. A customer who `leaves` goes on to the checkout, with its lines in the basket, once
 * it is CANCELLED and can't be charged any more; not if it has come to another end.
 */
export function useCancel(order: Order, customerId: string) {
  const client = useQueryClient();
  const putBack = usePutBack();
  const [wantsAnother, setWantsAnother] = useState(false);
  const request = useMutation({
    mutationFn: () => cancelOrder(order.orderId),
    retry: (count, error) => count < RETRIES && isTransient(error),
    retryDelay: pause,
    onSettled: () => client.invalidateQueries({ queryKey: ["orders", customerId] }),
  });
  const leaves = wantsAnother && !wasPaid(order);
  const isCancelled = order.status === "CANCELLED";
  useEffect(() => {
    if (leaves && isCancelled) void putBack(order, "/checkout");
    // oxlint-disable-next-line react/exhaustive-deps -- once
  }, [leaves, isCancelled]);

  const cancel = (thenLeave: boolean) => {
    setWantsAnother(thenLeave);
    // The control that has the focus goes, and the heading says what comes of it.
    document.querySelector("h1")?.focus({ preventScroll: true });
    request.mutate();
  };
  return { cancel, leaves, isBusy: request.isPending, error: request.error };
}

export type Cancelling = ReturnType<typeof useCancel>;

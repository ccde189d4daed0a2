import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";

import { lines } from "../basket/basket";
import { DEFAULTS, useSettings } from "../settings";
import {
  type Attempt,
  beginAttempt,
  forgetAttempt,
  isRecent,
  type OrderRequest,
  usePendingAttempt,
} from "./attempt";
import { usePlaceOrder } from "./place-order";

type Prepare = () => Promise<OrderRequest>;

/**
 * The one order that may be on its way from here: begun by `place`, or found when the page is
 * entered (after a reload, a lost connection, an expired sign-in, or from another tab) and sent
 * again at once. Leads to the order's page when it is accepted.
 *
 * `asks` says that the one found is not sent, because its customer may have given it up: they
 * `resume` it or `forget` it.
 */
export function useCheckout(customerId: string) {
  const { order, busy, send } = useSender();
  const pending = usePendingAttempt(customerId);
  const wasSent = pending !== null && pending.sends > 0;
  const [resumed, setResumed] = useState(wasSent);
  const [isPreparing, setPreparing] = useState(false);
  const { asks, stopAsking } = useFound(pending);

  const resume = () => {
    if (pending === null || busy.current) return;
    stopAsking();
    setResumed(true);
    send(pending);
  };
  useEffect(() => {
    if (wasSent && !asks) resume();
    // oxlint-disable-next-line react/exhaustive-deps -- once for each attempt that is found
  }, [pending?.key, wasSent, asks]);

  /** Orders `basket`, once `prepare` has made the request. False if the basket has changed. */
  const place = async (basket: unknown, prepare: Prepare): Promise<boolean> => {
    if (busy.current) return true;
    busy.current = true;
    setPreparing(true);
    let attempt: Attempt | null = null;
    try {
      const request = await prepare();
      attempt = await beginAttempt(customerId, request, () => lines() === basket);
      setResumed(attempt !== null && attempt.sends > 0);
    } finally {
      setPreparing(false);
      if (attempt) send(attempt);
      else busy.current = false;
    }
    return attempt !== null;
  };

  const forget = () => pending && void forgetAttempt(pending);
  const isBusy = isPreparing || order.isPending || order.isSuccess;
  const hasFailed = order.isError && order.variables.key === pending?.key;
  const isUnsettled = pending !== null && (resumed || hasFailed);
  return { order, pending, asks, isBusy, hasFailed, isUnsettled, place, resume, forget };
}

export type Checkout = ReturnType<typeof useCheckout>;

/** An attempt that was there on entering: forgotten if it never left this computer, asked about if it is old. */
function useFound(pending: Attempt | null) {
  const [found] = useState(pending);
  const [isOpen, setOpen] = useState(found !== null && found.sends > 0);
  const { data: { orderMaxAgeMinutes } = DEFAULTS } = useSettings();
  const isOld = found !== null && !isRecent(found, orderMaxAgeMinutes);
  useEffect(() => {
    if (found?.sends === 0) void forgetAttempt(found);
  }, [found]);
  // Not about one that another tab has sent again meanwhile.
  const isAsFound = pending?.key === found?.key && pending?.sends === found?.sends;
  return { asks: isOpen && isOld && isAsFound, stopAsking: () => setOpen(false) };
}

function useSender() {
  const [, navigate] = useLocation();
  const order = usePlaceOrder();
  // State is a render late: the second click of a double click still sees the old one.
  const busy = useRef(false);
  const send = (attempt: Attempt) => {
    busy.current = true;
    // The page that comes next, while the order is on its way; a failure shows there.
    import("../orders/order-page").catch(() => undefined);
    order.mutate(attempt, {
      // Replaced, so that Back doesn't lead to a form that could be sent again.
      onSuccess: ({ orderId }) => navigate(`/orders/${orderId}`, { replace: true }),
      onSettled: () => (busy.current = false),
    });
  };
  return { order, busy, send };
}

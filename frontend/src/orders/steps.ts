import { refusalOf, wasPaid } from "./order-copy";
import type { Order, OrderStatus } from "./orders";

/** One line of an order's timeline. `at` is an ISO time, if it has one. `ends` if the way of the order ends there. */
export type Step = {
  title: string;
  state: "done" | "now" | "next" | "stopped";
  at?: string;
  ends?: boolean;
};

/** The way of an order that goes well: what each step is called before, during and after. */
const WAY: { status: OrderStatus; next: string; now: string; done: string }[] = [
  { status: "RECEIVED", next: "Order", now: "Receiving your order", done: "Order received" },
  {
    status: "VALIDATED",
    next: "Check",
    now: "Checking prices and stock",
    done: "Prices and stock checked",
  },
  {
    status: "PAYMENT_AUTHORIZED",
    next: "Bank's approval",
    now: "Asking your bank",
    done: "Payment held",
  },
  {
    status: "INVENTORY_RESERVED",
    next: "Reservation",
    now: "Reserving your items",
    done: "Items reserved",
  },
  {
    status: "CONFIRMED",
    next: "Payment",
    now: "Taking the payment",
    done: "Paid and confirmed",
  },
];

/** How many steps an order has that goes well; nothing else has more of them. */
export const MOST_STEPS = WAY.length + 1;

/** The order's timeline: what was done, what is being done, what is to come. */
export function stepsOf(order: Order): Step[] {
  const at = (status: OrderStatus) => order.timeline.find((each) => each.status === status)?.at;
  const indexes = WAY.map(({ status }, index) => (at(status) === undefined ? -1 : index));
  const reached = Math.max(...indexes);
  const done = WAY.slice(0, reached + 1).map(({ status, done: title }) =>
    step(title, "done", at(status)),
  );
  switch (order.status) {
    case "REJECTING":
    case "REJECTED": {
      const stop = end(step(refusalOf(order)?.step ?? "", "stopped", at("REJECTING")));
      const isOver = order.status === "REJECTED";
      return [
        ...done,
        stop,
        isOver
          ? step("Order closed, nothing charged", "done", at("REJECTED"))
          : step("Closing the order", "now"),
      ];
    }
    case "CANCELLING":
    case "CANCELLED": {
      const [now, over] = wasPaid(order)
        ? ["Cancelling and paying back", "Cancelled and paid back"]
        : ["Cancelling the order", "Order cancelled, nothing charged"];
      return [
        ...done,
        order.status === "CANCELLED"
          ? end(step(over, "done", at("CANCELLED")))
          : step(now, "now", at("CANCELLING")),
      ];
    }
    default:
      return [...done, ...ahead(order, reached + 1)];
  }
}

function ahead(order: Order, from: number): Step[] {
  const isPaid = order.status === "CONFIRMED";
  const ways = WAY.slice(from).map(({ next, now }, index) =>
    index === 0 ? step(order.status === "AWAITING_PAYMENT" ? APPROVAL : now, "now") : step(next, "next"),
  );
  if (order.receiptAvailable) return [...ways, step("Receipt ready", "done")];
  return [...ways, isPaid ? step("Writing your receipt", "now") : step("Receipt", "next")];
}

const APPROVAL = "Waiting for your approval";

function end(last: Step): Step {
  return { ...last, ends: true };
}

function step(title: string, state: Step["state"], at?: string): Step {
  return at === undefined ? { title, state } : { title, state, at };
}

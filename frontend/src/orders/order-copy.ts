import texts from "../../../handlers/domain/refusals.json";
import { formatMoney, limitsOf, type Money } from "../money";
import { isLate, isTimeOver, type Order, type OrderStatus, type RejectionReason } from "./orders";

/** What a customer reads about an order. What is said of refusals is said in mails too. */

export type Tone = "moving" | "waiting" | "good" | "bad" | "over";

type Words = {
  /** In a list of orders. */
  words: string;
  tone: Tone;
  /** It fits one line of a small phone, so that nothing moves when the status does. */
  heading: string;
};

const IN_PROGRESS = "Order in progress";

export const STATUS: Record<OrderStatus, Words> = {
  RECEIVED: { words: "Received", tone: "moving", heading: IN_PROGRESS },
  VALIDATED: { words: "Being paid", tone: "moving", heading: IN_PROGRESS },
  AWAITING_PAYMENT: { words: "Waiting for your approval", tone: "waiting", heading: "Approval needed" },
  PAYMENT_AUTHORIZED: { words: "Being reserved", tone: "moving", heading: IN_PROGRESS },
  INVENTORY_RESERVED: { words: "Being confirmed", tone: "moving", heading: IN_PROGRESS },
  CONFIRMED: { words: "Confirmed", tone: "good", heading: "Order confirmed" },
  REJECTING: { words: "Not completed", tone: "bad", heading: "Order not completed" },
  REJECTED: { words: "Not completed", tone: "bad", heading: "Order not completed" },
  CANCELLING: { words: "Being cancelled", tone: "waiting", heading: "Cancelling your order" },
  CANCELLED: { words: "Cancelled", tone: "over", heading: "Order cancelled" },
};

/** The words for a status, also for one that only a newer API has. */
export function known(status: OrderStatus): Words {
  return STATUS[status] ?? { words: "In progress", tone: "moving", heading: IN_PROGRESS };
}

type Text = { what: string; next: string };
// A reason of the contract that has no text there, or no way on here, is an error of types.
const TEXTS: Record<RejectionReason, Text> = texts.reasons;
const DECLINES: Record<string, string> = texts.declines;

/** The next thing to do, and where it is done. */
type WayOn = { action: string; path: "/checkout" | "/basket" };

/** `step` is on the timeline. */
type Stop = WayOn & { step: string };

const WAYS_ON: Record<RejectionReason, Stop> = {
  UNKNOWN_PRODUCT: {
    step: "A product is no longer sold",
    action: "Put the rest in the basket",
    path: "/basket",
  },
  OUT_OF_STOCK: {
    step: "Not enough in stock",
    action: "Put it back in the basket",
    path: "/basket",
  },
  PRICE_CHANGED: { step: "A price has changed", action: "See today's prices", path: "/basket" },
  AMOUNT_NOT_ACCEPTED: {
    step: "The total can't be paid",
    action: "Put it back in the basket",
    path: "/basket",
  },
  PAYMENT_DECLINED: {
    step: "Your bank declined the payment",
    action: "Try another card",
    path: "/checkout",
  },
  PAYMENT_TIMEOUT: {
    step: "The payment was not approved in time",
    action: "Order again",
    path: "/checkout",
  },
  AUTHORIZATION_EXPIRED: {
    step: "Your bank's approval ran out",
    action: "Order again",
    path: "/checkout",
  },
  REFUNDED: {
    step: "The payment was given back",
    action: "Order again",
    path: "/checkout",
  },
  TOO_MANY_ORDERS: {
    step: "Too many orders in a short time",
    action: "Put it back in the basket",
    path: "/basket",
  },
  SYSTEM_FAULT: {
    step: "Something went wrong on our side",
    action: "Order again",
    path: "/checkout",
  },
};

const AFTER_CANCELLING: WayOn & Pick<Text, "next"> = {
  next: "Order again if you still want these things.",
  action: "Put it back in the basket",
  path: "/basket",
};

/** What can be done about an order that came to nothing. */
export function wayOnFrom(order: Order): (WayOn & Pick<Text, "next">) | undefined {
  return order.status === "CANCELLED" ? AFTER_CANCELLING : refusalOf(order);
}

/** What is said of an order that is, or is about to be, REJECTED. */
export function refusalOf({ status, reason }: Order): (Text & Stop) | undefined {
  return isRefused(status) ? knownRefusal(reason) : undefined;
}

/** A reason that only a newer API has is a fault of the shop's. */
function knownRefusal(reason: RejectionReason = "SYSTEM_FAULT"): Text & Stop {
  const given = reason in TEXTS ? reason : "SYSTEM_FAULT";
  return { ...TEXTS[given], ...WAYS_ON[given] };
}

function isRefused(status: OrderStatus): status is "REJECTING" | "REJECTED" {
  return status === "REJECTING" || status === "REJECTED";
}

/** What is happening to the order now. `names` gives a product's name. */
export function situation(order: Order, names: (productId: string) => string): string {
  return isLate(order) ? `${inTime(order, names)} ${delay(order)}`.trim() : inTime(order, names);
}

/** Only what waits for the shop is late. The mails are those of `handlers/domain/mail.py`. */
function delay({ status }: Order): string {
  switch (status) {
    case "RECEIVED":
    case "VALIDATED":
    case "PAYMENT_AUTHORIZED":
    case "INVENTORY_RESERVED":
    case "REJECTING":
    case "CANCELLING":
      return "This takes longer than usual. You need not wait here: a mail will tell you how it ends.";
    case "CONFIRMED":
      return "The receipt takes longer than usual; it will be on this page later.";
    default:
      return "";
  }
}

function inTime(order: Order, names: (productId: string) => string): string {
  const { status } = order;
  if (isRefused(status)) {
    const detail = order.timeline.find((each) => each.status === "REJECTING")?.detail ?? "";
    const what = fill(knownRefusal(order.reason).what, {
      products: products(detail, names),
      decline: DECLINES[detail] ?? texts.unknownDecline,
      newTotal: newTotal(detail, order),
      total: formatMoney(order.total),
      limits: limits(order.total.currency),
    });
    return `${what} ${moneyBack(order)}`;
  }
  return SITUATIONS[status]?.(formatMoney(order.total), order) ?? "Your order is in progress.";
}

type Unrefused = Exclude<OrderStatus, "REJECTING" | "REJECTED">;

const SITUATIONS: Record<Unrefused, (total: string, order: Order) => string> = {
  RECEIVED: () => "We have your order and are checking prices and stock.",
  VALIDATED: (total) => `We are asking your bank to hold ${total}. Nothing is charged yet.`,
  AWAITING_PAYMENT: (total, order) =>
    isTimeOver(order)
      ? `The time to approve the payment of ${total} is over. If you have approved it, the order goes on; if not, it is closed, and you pay nothing.`
      : `Your bank wants you to approve the payment of ${total}. Until then nothing is charged.`,
  PAYMENT_AUTHORIZED: (total) => `Your bank holds ${total} for us. We are reserving your items.`,
  INVENTORY_RESERVED: () => "Your items are set aside for you. We are taking the payment.",
  CONFIRMED: (total) => `Thank you. ${total} has been charged.`,
  CANCELLING: (total, order) =>
    wasPaid(order)
      ? `We are cancelling the order and giving ${total} back to your card.`
      : `We are cancelling the order. ${moneyBack(order)}`,
  CANCELLED: (total, order) =>
    wasPaid(order)
      ? `${total} has been given back to the card you paid with. Your bank may take some days to show it.`
      : `The order is cancelled. ${moneyBack(order)}`,
};

/** Whether the order was CONFIRMED, and so charged, at some time. */
export function wasPaid(order: Order): boolean {
  return came(order, "CONFIRMED");
}

function came({ timeline }: Order, to: OrderStatus): boolean {
  return timeline.some((entry) => entry.status === to);
}

/** What an unpaid order costs in the end: nothing. Whether money was held depends on how far it came. */
function moneyBack(order: Order): string {
  const { status, reason, total } = order;
  if (reason === "PAYMENT_DECLINED" || !came(order, "VALIDATED")) {
    return texts.notCharged;
  }
  if (status === "CANCELLING") {
    return "You pay nothing. If an amount is held on your card, it is being released.";
  }
  if (status === "REJECTING") return "You pay nothing. What is held on your card is being released.";
  // Without its mark the hold may have been made and its answer lost.
  const released = came(order, "PAYMENT_AUTHORIZED")
    ? `The ${formatMoney(total)} held on your card has been released.`
    : "If an amount was held on your card, it has been released.";
  return `You pay nothing. ${released}`;
}

/** `detail` lists product ids. */
function products(detail: string, names: (productId: string) => string): string {
  const ids = detail.split(",").map((part) => part.trim());
  return ids.filter(Boolean).map(names).join(", ") || texts.unknownProducts;
}

/** `detail` is today's total, `2599 USD`. */
function newTotal(detail: string, { total }: Order): string {
  const [, amount, currency] = /^(\d+) ([A-Z]{3})$/.exec(detail) ?? [];
  if (amount === undefined || currency === undefined) return "";
  const now: Money = { amount: Number(amount), currency };
  return fill(texts.newTotal, { agreed: formatMoney(total), today: formatMoney(now) });
}

/** What an order may come to. */
function limits(currency: string): string {
  const found = limitsOf(currency);
  if (found === null) return "";
  const { least, most } = found;
  return fill(texts.limits, { least: formatMoney(least), most: formatMoney(most) });
}

/** `text` with the value of each `{name}` in it. */
function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "");
}

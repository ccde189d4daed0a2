import { formatMoney, type Money } from "../money";
import { isLate, type Order, type OrderStatus, type RejectionReason } from "./orders";

/** What a customer reads about an order. `handlers/domain/mail.py` says the same in its mails. */

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

type Refusal = {
  /** On the timeline. */
  step: string;
  what: (detail: string, order: Order, names: (productId: string) => string) => string;
  next: string;
  /** The next thing to do, and where it is done. */
  action: string;
  path: "/checkout" | "/basket";
};

export const REFUSALS: Record<RejectionReason, Refusal> = {
  UNKNOWN_PRODUCT: {
    step: "A product is no longer sold",
    what: (detail, _order, names) => `We no longer sell this: ${products(detail, names)}.`,
    next: "Order the rest without it.",
    action: "Put the rest in the basket",
    path: "/basket",
  },
  OUT_OF_STOCK: {
    step: "Not enough in stock",
    what: (detail, _order, names) => `We don't have enough of this left: ${products(detail, names)}.`,
    next: "Order again with fewer of them, or without.",
    action: "Put it back in the basket",
    path: "/basket",
  },
  PRICE_CHANGED: {
    step: "A price has changed",
    what: (detail, order) => `A price has changed since you filled your basket.${today(detail, order)}`,
    next: "If today's price suits you, order again.",
    action: "See today's prices",
    path: "/basket",
  },
  PAYMENT_DECLINED: {
    step: "Your bank declined the payment",
    what: (detail) => `Your bank declined the payment: ${DECLINES[detail] ?? "it did not tell us why"}.`,
    next: "Try another card, or ask your bank about this one.",
    action: "Try another card",
    path: "/checkout",
  },
  PAYMENT_TIMEOUT: {
    step: "The payment was not approved in time",
    what: () => "Your bank wanted you to approve the payment, and that didn't happen in time.",
    next: "Order again, and approve the payment when your bank asks you to.",
    action: "Order again",
    path: "/checkout",
  },
  AUTHORIZATION_EXPIRED: {
    step: "Your bank's approval ran out",
    what: () => "Your bank's approval of the payment ran out before the order was complete.",
    next: "Order again: your bank will be asked anew.",
    action: "Order again",
    path: "/checkout",
  },
  SYSTEM_FAULT: {
    step: "Something went wrong on our side",
    what: () => "Something went wrong on our side, and we could not finish your order. We are sorry.",
    next: "Our team has been told. Order again in a little while.",
    action: "Order again",
    path: "/checkout",
  },
};

/** The decline codes that a customer can act on. https://docs.stripe.com/declines/codes */
const DECLINES: Record<string, string> = {
  INSUFFICIENT_FUNDS: "there was not enough money available on the card",
  EXPIRED_CARD: "the card has expired",
  INCORRECT_CVC: "the security code didn't match the card",
  INCORRECT_NUMBER: "the card number was not right",
  CARD_VELOCITY_EXCEEDED: "the card has reached its limit",
  AUTHENTICATION_REQUIRED: "the payment was not approved with the bank",
};

/** The refusal of an order that is, or is about to be, REJECTED. */
export function refusalOf({ status, reason }: Order): Refusal | undefined {
  return isRefused(status) ? knownRefusal(reason) : undefined;
}

function knownRefusal(reason: RejectionReason = "SYSTEM_FAULT"): Refusal {
  return REFUSALS[reason] ?? REFUSALS.SYSTEM_FAULT;
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
    return `${knownRefusal(order.reason).what(detail, order, names)} ${moneyBack(order)}`;
  }
  return SITUATIONS[status]?.(formatMoney(order.total)) ?? "Your order is in progress.";
}

type Unrefused = Exclude<OrderStatus, "REJECTING" | "REJECTED">;

const SITUATIONS: Record<Unrefused, (total: string) => string> = {
  RECEIVED: () => "We have your order and are checking prices and stock.",
  VALIDATED: (total) => `We are asking your bank to hold ${total}. Nothing is charged yet.`,
  AWAITING_PAYMENT: (total) =>
    `Your bank wants you to approve the payment of ${total}, in its app or by a message. The order goes on when you have; until then nothing is charged.`,
  PAYMENT_AUTHORIZED: (total) => `Your bank holds ${total} for us. We are reserving your items.`,
  INVENTORY_RESERVED: () => "Your items are set aside for you. We are taking the payment.",
  CONFIRMED: (total) => `Thank you. ${total} has been charged.`,
  CANCELLING: (total) => `We are cancelling the order and giving ${total} back to your card.`,
  CANCELLED: (total) =>
    `${total} has been given back to the card you paid with. Your bank may take some days to show it.`,
};

/** What a refused order costs: nothing. Whether money was held depends on how far it came. */
function moneyBack({ status, reason, timeline, total }: Order): string {
  const came = (to: OrderStatus) => timeline.some((entry) => entry.status === to);
  if (reason === "PAYMENT_DECLINED" || !came("VALIDATED")) {
    return "You have not been charged, and nothing is held on your card.";
  }
  if (status === "REJECTING") return "You pay nothing. What is held on your card is being released.";
  // Without its mark the hold may have been made and its answer lost.
  const released = came("PAYMENT_AUTHORIZED")
    ? `The ${formatMoney(total)} held on your card has been released.`
    : "If an amount was held on your card, it has been released.";
  return `You pay nothing. ${released}`;
}

/** `detail` lists product ids. */
function products(detail: string, names: (productId: string) => string): string {
  const ids = detail.split(",").map((part) => part.trim());
  return ids.filter(Boolean).map(names).join(", ") || "one of the items";
}

/** `detail` is today's total, `2599 USD`. */
function today(detail: string, { total }: Order): string {
  const [, amount, currency] = /^(\d+) ([A-Z]{3})$/.exec(detail) ?? [];
  if (amount === undefined || currency === undefined) return "";
  const now: Money = { amount: Number(amount), currency };
  return ` You agreed to ${formatMoney(total)}; today it comes to ${formatMoney(now)}.`;
}

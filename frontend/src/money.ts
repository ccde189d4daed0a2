import * as v from "valibot";

import currencies from "../../handlers/domain/currencies.json";
import { CURRENCY } from "./api/contract";
import type { components } from "./api/schema";

/** An integer amount in the currency's minor units. */
export type Money = components["schemas"]["Money"];

type Currency = { digits: number; least: number; most: number };

const CURRENCIES: Record<string, Currency | undefined> = currencies;
const OTHER_DIGITS = 2;

/** Money as the browser may have stored it: a currency of another form can't even be written out. */
export const moneySchema: v.GenericSchema<unknown, Money> = v.object({
  amount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  currency: v.pipe(v.string(), v.regex(CURRENCY)),
});

/**
 * `{ amount: 1999, currency: "USD" }` as the reader's language writes it, with as many digits as
 * mails and receipts have: browsers have numbers of their own (none for HUF).
 */
export function formatMoney({ amount, currency }: Money): string {
  const digits = CURRENCIES[currency]?.digits ?? OTHER_DIGITS;
  const format = new Intl.NumberFormat(undefined, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amount / 10 ** digits);
}

/** The least and the most that an order may come to; null for a currency that the shop doesn't take. */
export function limitsOf(currency: string): { least: Money; most: Money } | null {
  const known = CURRENCIES[currency];
  if (known === undefined) return null;
  return {
    least: { amount: known.least, currency },
    most: { amount: known.most, currency },
  };
}

/** Why a total can't be paid, as a sentence; undefined if it can. */
export function faultOfTotal({ amount, currency }: Money): string | undefined {
  const limits = limitsOf(currency);
  if (limits === null) return `This shop doesn't take ${currency}.`;
  if (amount < limits.least.amount) return `An order has to come to at least ${formatMoney(limits.least)}.`;
  if (amount > limits.most.amount) return `An order can come to at most ${formatMoney(limits.most)}.`;
  return undefined;
}

export function multiply({ amount, currency }: Money, quantity: number): Money {
  return { amount: amount * quantity, currency };
}

export function isSame(one: Money, other: Money): boolean {
  return one.amount === other.amount && one.currency === other.currency;
}

import * as v from "valibot";

import { CURRENCY } from "./api/contract";
import type { components } from "./api/schema";

/** An integer amount in the currency's minor units. */
export type Money = components["schemas"]["Money"];

/** Money as the browser may have stored it: a currency of another form can't even be written out. */
export const moneySchema: v.GenericSchema<unknown, Money> = v.object({
  amount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  currency: v.pipe(v.string(), v.regex(CURRENCY)),
});

/** `{ amount: 1999, currency: "USD" }` as the reader's language writes it. */
export function formatMoney({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

export function multiply({ amount, currency }: Money, quantity: number): Money {
  return { amount: amount * quantity, currency };
}

export function isSame(one: Money, other: Money): boolean {
  return one.amount === other.amount && one.currency === other.currency;
}

import { expect, it } from "vitest";

import { formatMoney } from "../src/money";

it.each([
  [1999, "USD", "$19.99"],
  [1999, "JPY", "¥1,999"],
  [1999, "KWD", "KWD 1.999"],
  [0, "EUR", "€0.00"],
])("shows %i minor units of %s as %s", (amount, currency, shown) => {
  expect(formatMoney({ amount, currency }).replace(/\u00a0/g, " ")).toBe(shown);
});

import { describe, expect, it } from "vitest";

import currencies from "../../handlers/domain/currencies.json";
import { faultOfTotal, formatMoney } from "../src/money";

it.each([
  [1999, "USD", "$19.99"],
  [1999, "JPY", "¥1,999"],
  [199900, "HUF", "HUF 1,999.00"],
  [0, "EUR", "€0.00"],
])("shows %i minor units of %s as %s", (amount, currency, shown) => {
  expect(formatMoney({ amount, currency }).replace(/\u00a0/g, " ")).toBe(shown);
});

describe.each(Object.entries(currencies))("a total in %s", (currency, { least, most }) => {
  it.each([least, most])("can be %i", (amount) => {
    expect(faultOfTotal({ amount, currency })).toBeUndefined();
  });

  it.each([
    [0, least],
    [least - 1, least],
    [most + 1, most],
  ])("can't be %i, and the limit is said", (amount, limit) => {
    expect(faultOfTotal({ amount, currency })).toContain(formatMoney({ amount: limit, currency }));
  });
});

it("takes no total in a currency outside the table", () => {
  expect(faultOfTotal({ amount: 5000, currency: "KWD" })).toBe("This shop doesn't take KWD.");
});

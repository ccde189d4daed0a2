import { useSyncExternalStore } from "react";
import * as v from "valibot";

import { MOST_LINES, MOST_OF_ONE, PRODUCT_ID } from "../api/contract";
import type { Product } from "../catalogue/products";
import { faultOfTotal, isSame, type Money, moneySchema, multiply } from "../money";
import { Stored } from "../storage";

/** `seenPrice` is the price that the customer last saw, so that a change of it can be shown. */
export type BasketLine = v.InferOutput<typeof lineSchema>;

type Wanted = { productId: string; quantity: number };

const lineSchema = v.object({
  productId: v.pipe(v.string(), v.regex(PRODUCT_ID)),
  quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_OF_ONE)),
  seenPrice: moneySchema,
});
const EMPTY: BasketLine[] = [];
const stored = new Stored("orders.basket", v.pipe(v.array(lineSchema), v.maxLength(MOST_LINES)));

/** The basket's lines, saved in this browser and the same in all of its tabs. */
export function useBasket(): BasketLine[] {
  return useSyncExternalStore(stored.subscribe, lines);
}

export function lines(): BasketLine[] {
  return stored.get() ?? EMPTY;
}

/** False if the basket has no room for another product. */
export function addToBasket(product: Product, quantity = 1): boolean {
  const line = lines().find((each) => each.productId === product.productId);
  if (line === undefined && lines().length >= MOST_LINES) return false;
  const wanted = Math.min((line?.quantity ?? 0) + quantity, MOST_OF_ONE);
  const added = { productId: product.productId, quantity: wanted, seenPrice: product.price };
  const others = lines().filter((each) => each !== line);
  stored.set(
    line === undefined ? [...others, added] : lines().map((each) => (each === line ? added : each)),
  );
  return true;
}

/** A quantity below one removes the line. */
export function setQuantity(productId: string, quantity: number): void {
  stored.set(
    lines()
      .map((line) =>
        line.productId === productId ? { ...line, quantity: Math.min(quantity, MOST_OF_ONE) } : line,
      )
      .filter((line) => line.quantity >= 1),
  );
}

export function removeFromBasket(productId: string): void {
  setQuantity(productId, 0);
}

/** Takes out what was ordered; what was added to it meanwhile stays. */
export function removeOrdered(ordered: Wanted[]): void {
  for (const { productId, quantity } of ordered) {
    const line = lines().find((each) => each.productId === productId);
    if (line) setQuantity(productId, line.quantity - quantity);
  }
}

/**
 * Sees to it that the basket has this much of every product that is still sold, at today's price.
 * Returns those that it has no room for.
 */
export function putBack(wanted: Wanted[], products: Product[]): Product[] {
  return wanted.flatMap(({ productId, quantity }) => {
    const product = products.find((each) => each.productId === productId);
    const has = lines().find((each) => each.productId === productId)?.quantity ?? 0;
    if (!product || has >= quantity) return [];
    return addToBasket(product, quantity - has) ? [] : [product];
  });
}

/** What is said of products that could not be added. */
export function noRoomFor(products: Product[]): string {
  const names = products.map(({ name }) => name).join(", ");
  return `No room in your basket for ${names}: it holds ${MOST_LINES} products at most`;
}

/** What is said of a product of which fewer are left than wanted, but some. */
export function onlyLeft(left: number): string {
  return left === 1 ? "Only 1 is left." : `Only ${left} are left.`;
}

/** The customer has seen today's prices. */
export function acceptPrices(products: Product[]): void {
  const price = new Map(products.map((product) => [product.productId, product.price]));
  stored.set(
    lines().map((line) => ({ ...line, seenPrice: price.get(line.productId) ?? line.seenPrice })),
  );
}

/** A basket line beside the catalogue as it is now. Without `product` it is no longer sold. */
export type PricedLine = BasketLine & {
  product?: Product;
  total?: Money;
  priceChanged: boolean;
  tooMany: boolean;
};

/** `totalFault` says why the total can't be paid. */
export type PricedBasket = {
  lines: PricedLine[];
  total: Money | null;
  totalFault?: string | undefined;
  orderable: boolean;
};

/** What the basket costs at the server's prices; `orderable` if all of it can be had, and paid. */
export function priceBasket(basket: BasketLine[], products: Product[]): PricedBasket {
  const byId = new Map(products.map((product) => [product.productId, product]));
  const priced = basket.map((line) => priceLine(line, byId.get(line.productId)));
  const currency = priced.find((line) => line.total)?.total?.currency;
  const amount = priced.reduce((sum, line) => sum + (line.total?.amount ?? 0), 0);
  const total = currency === undefined ? null : { amount, currency };
  const totalFault = total ? faultOfTotal(total) : undefined;
  const isThere = priced.length > 0 && priced.every((line) => line.product && !line.tooMany);
  return { lines: priced, total, totalFault, orderable: isThere && totalFault === undefined };
}

function priceLine(line: BasketLine, product: Product | undefined): PricedLine {
  if (product === undefined) return { ...line, priceChanged: false, tooMany: false };
  return {
    ...line,
    product,
    total: multiply(product.price, line.quantity),
    priceChanged: !isSame(product.price, line.seenPrice),
    tooMany: line.quantity > product.available,
  };
}

import type { Product } from "./products";

const FEW = 15;

/** What is left, said only when it matters. */
export function Stock({ product: { available } }: { product: Product }) {
  if (available === 0) return <p className="stock none">Sold out</p>;
  if (available <= FEW) return <p className="stock few">Only {available} left</p>;
  return <p className="stock">In stock</p>;
}

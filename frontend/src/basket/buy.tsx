import { useState } from "react";

import { MOST_OF_ONE } from "../api/contract";
import type { Product } from "../catalogue/products";
import { QuantityField } from "../components/quantity-field";
import { AddButton } from "./add-button";

/** Puts as many of a product into the basket as the customer says. */
export function Buy({ product }: { product: Product }) {
  const [quantity, setQuantity] = useState(1);
  return (
    <div className="buy">
      <QuantityField
        label={`Quantity of ${product.name}`}
        value={quantity}
        most={Math.min(product.available, MOST_OF_ONE)}
        onChange={setQuantity}
      />
      <AddButton product={product} quantity={quantity} primary />
    </div>
  );
}

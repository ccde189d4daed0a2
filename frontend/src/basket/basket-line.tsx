import { Link } from "wouter";

import { MOST_OF_ONE } from "../api/contract";
import { Picture } from "../catalogue/picture";
import type { Product } from "../catalogue/products";
import { Money } from "../components/money";
import { Notice } from "../components/notice";
import { QuantityField } from "../components/quantity-field";
import { formatMoney } from "../money";
import { onlyLeft, type PricedLine, setQuantity } from "./basket";
import { AcceptButton, RemoveButton, TakeButton } from "./line-buttons";

/** One line of the basket: how many, what it costs, and what stands in the way of ordering it. */
export function BasketLineItem({ line }: { line: PricedLine }) {
  const { product } = line;
  if (product === undefined) {
    return (
      <Notice tone="warning" title="A product in your basket is no longer sold.">
        <RemoveButton line={line} />
      </Notice>
    );
  }
  return (
    <div className="basket-line">
      <Picture product={product} />
      <div className="what">
        <Link href={`/products/${product.productId}`}>{product.name}</Link>
        <p className="hint">
          <Money value={product.price} /> each
        </p>
      </div>
      <Shortage line={line} product={product} />
      {line.priceChanged && (
        <Notice tone="warning" title={`The price is now ${formatMoney(product.price)}.`}>
          <p>It was {formatMoney(line.seenPrice)} when you put it in.</p>
          <AcceptButton product={product}>That's fine</AcceptButton>
        </Notice>
      )}
      <div className="how-many">
        <QuantityField
          label={`Quantity of ${product.name}`}
          value={line.quantity}
          most={Math.min(Math.max(product.available, 1), MOST_OF_ONE)}
          onChange={(quantity) => setQuantity(product.productId, quantity)}
        />
        <RemoveButton line={line} />
        {line.total && <Money value={line.total} />}
      </div>
    </div>
  );
}

function Shortage({ line, product }: { line: PricedLine; product: Product }) {
  if (!line.tooMany) return null;
  if (product.available === 0) return <Notice tone="warning" title="It is sold out by now." />;
  return (
    <Notice tone="warning" title={onlyLeft(product.available)}>
      <TakeButton product={product}>Take {product.available}</TakeButton>
    </Notice>
  );
}

import type { ReactNode } from "react";
import { Link } from "wouter";

import { onlyLeft, type PricedBasket, type PricedLine } from "../basket/basket";
import { AcceptButton, RemoveButton, TakeButton } from "../basket/line-buttons";
import { Picture } from "../catalogue/picture";
import type { Product } from "../catalogue/products";
import { Money } from "../components/money";
import { Notice } from "../components/notice";
import { formatMoney } from "../money";
import { type Faults, NO_FAULTS } from "./faults";

type OrderLinesProps = { basket: PricedBasket; faults?: Faults["lines"] };

/** What is about to be ordered. What stands in the way is said at its line, with the way on. */
export function OrderLines({ basket, faults = NO_FAULTS.lines }: OrderLinesProps) {
  return (
    <>
      <ul className="order-lines">
        {basket.lines.map((line) => (
          <li key={line.productId} className="order-line" tabIndex={-1}>
            <OrderLine line={line} />
            <Trouble line={line} fault={faults.get(line.productId)} />
          </li>
        ))}
      </ul>
      {basket.total && (
        <p className="total">
          <span>Total</span>
          <Money value={basket.total} />
        </p>
      )}
      {basket.totalFault !== undefined && (
        <div data-trouble>
          <Notice tone="warning" title={basket.totalFault}>
            <Link href="/basket">Change it in the basket</Link>
          </Notice>
        </div>
      )}
    </>
  );
}

function OrderLine({ line: { product, productId, quantity, total } }: { line: PricedLine }) {
  return (
    <>
      {product && <Picture product={product} />}
      <div className="what">
        <span>{product?.name ?? productId}</span>
        <span className="hint">
          {quantity} × {product && <Money value={product.price} />}
        </span>
      </div>
      {total && <Money value={total} />}
    </>
  );
}

type TroubleProps = { line: PricedLine; fault: string | undefined };

/** What is to be said at a line. `data-trouble` marks what Pay leads to while it is there. */
function Trouble({ line, fault }: TroubleProps) {
  if (fault !== undefined) {
    return (
      <div className="trouble" data-trouble>
        <Notice tone="bad" title={fault}>
          <Choices line={line}>
            <Link href="/basket">Change it in the basket</Link>
          </Choices>
        </Notice>
      </div>
    );
  }
  if (!line.product || line.tooMany) return <Shortage line={line} />;
  return line.priceChanged ? <NewPrice line={line} product={line.product} /> : null;
}

function Shortage({ line }: { line: PricedLine }) {
  const { product, quantity } = line;
  const left = product?.available ?? 0;
  return (
    <div className="trouble" data-trouble>
      <Notice tone="warning" title={shortage(left, product !== undefined)}>
        <Choices line={line}>
          {product && left > 0 && (
            <TakeButton product={product}>
              Take {left} instead of {quantity}
            </TakeButton>
          )}
        </Choices>
      </Notice>
    </div>
  );
}

function NewPrice({ line, product }: { line: PricedLine; product: Product }) {
  return (
    <div className="trouble">
      <Notice tone="warning" title={`The price is now ${formatMoney(product.price)}.`}>
        <p>It was {formatMoney(line.seenPrice)} when you put it in your basket.</p>
        <Choices line={line}>
          <AcceptButton product={product}>Accept the new price</AcceptButton>
        </Choices>
      </Notice>
    </div>
  );
}

function Choices({ line, children }: { line: PricedLine; children: ReactNode }) {
  return (
    <div className="choices">
      {children}
      <RemoveButton line={line} />
    </div>
  );
}

function shortage(left: number, isSold: boolean): string {
  if (!isSold) return "This is no longer sold.";
  if (left === 0) return "This is sold out.";
  return onlyLeft(left);
}

import { Money } from "../components/money";
import { multiply } from "../money";
import { SHOP } from "../shop";
import type { Order } from "./orders";
import { Time } from "./time";

type OrderDetailsProps = { order: Order; names: (productId: string) => string };

/** What was ordered; all that a printed page needs. */
export function OrderDetails({ order, names }: OrderDetailsProps) {
  return (
    <section className="card order-details" aria-labelledby="details">
      <h2 id="details">Details</h2>
      <p className="print-only">{SHOP}</p>
      <dl className="order-facts">
        <dt>Order number</dt>
        <dd className="order-number">{order.orderId}</dd>
        <dt>Placed</dt>
        <dd>
          <Time at={order.createdAt} />
        </dd>
      </dl>
      <ul className="order-lines">
        {order.lines.map((line) => (
          <li key={line.productId} className="order-line">
            <div className="what">
              <span>{names(line.productId)}</span>
              <span className="hint">
                {line.unitPrice ? `${line.quantity} × ` : `Quantity: ${line.quantity}`}
                {line.unitPrice && <Money value={line.unitPrice} />}
              </span>
            </div>
            {line.unitPrice && <Money value={multiply(line.unitPrice, line.quantity)} />}
          </li>
        ))}
      </ul>
      <p className="total">
        <span>Total</span>
        <Money value={order.total} />
      </p>
      <button type="button" className="link-button" onClick={() => window.print()}>
        Print this page
      </button>
    </section>
  );
}

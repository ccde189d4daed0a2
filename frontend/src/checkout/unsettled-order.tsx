import type { PricedBasket } from "../basket/basket";
import { hasStatus } from "../api/problem";
import { Notice } from "../parts/notice";
import { Page } from "../parts/page";
import { OrderLines } from "./order-lines";
import { Progress } from "./progress";
import type { Checkout } from "./use-checkout";

type UnsettledOrderProps = { checkout: Checkout; basket: PricedBasket };

/** The order that was sent and not answered yet. Until it is, no other can be begun. */
export function UnsettledOrder({ checkout, basket }: UnsettledOrderProps) {
  const { order, hasFailed, resume } = checkout;
  return (
    <Page title="Finishing your order" lead="We are finishing the order that you started.">
      <div className="unsettled">
        <Progress checkout={checkout} />
        {hasFailed && (
          <Notice tone="bad" title="We don't know yet whether your order has arrived.">
            <p>
              {hasStatus(order.error, 0)
                ? "The shop could not be reached. Check your connection."
                : "The shop could not answer."}{" "}
              Trying again sends the same order, so it can't be placed twice.
            </p>
            <button type="button" className="button primary" onClick={resume}>
              Try again
            </button>
          </Notice>
        )}
        <section className="card summary" aria-labelledby="summary">
          <h2 id="summary">Your order</h2>
          <OrderLines basket={basket} />
        </section>
      </div>
    </Page>
  );
}

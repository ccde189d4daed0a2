import { Link } from "wouter";

import { hasStatus } from "../api/problem";
import type { PricedBasket } from "../basket/basket";
import { LinkButton } from "../components/link-button";
import { Notice } from "../components/notice";
import { Page } from "../components/page";
import { OrderLines } from "./order-lines";
import { Progress } from "./progress";
import type { Checkout } from "./use-checkout";

type UnsettledOrderProps = { checkout: Checkout; basket: PricedBasket };

/** The order that was sent and not answered yet. Until it is, no other can be begun. */
export function UnsettledOrder({ checkout, basket }: UnsettledOrderProps) {
  const { asks, hasFailed } = checkout;
  return (
    <Page
      title={asks ? "An order is not finished" : "Finishing your order"}
      lead={
        asks
          ? "You started it a while ago, and no answer came."
          : "We are finishing the order that you started."
      }
    >
      <div className="unsettled">
        {asks ? <Question checkout={checkout} /> : <Progress checkout={checkout} />}
        {hasFailed && <Failed checkout={checkout} />}
        <section className="card summary" aria-labelledby="summary">
          <h2 id="summary">Your order</h2>
          <OrderLines basket={basket} />
        </section>
      </div>
    </Page>
  );
}

/** Whether it arrived only sending it again would tell, and that may not be wanted any more. */
function Question({ checkout: { resume, forget } }: { checkout: Checkout }) {
  return (
    <Notice tone="warning" title="We don't know whether this order has arrived.">
      <p>
        If it has, it is under <Link href="/orders">My orders</Link>. Finishing it sends the same
        order again, so it can't be placed twice.
      </p>
      <button type="button" className="button primary" onClick={resume}>
        Finish this order
      </button>
      <LinkButton onClick={forget}>It isn't there, and I don't want it any more</LinkButton>
    </Notice>
  );
}

function Failed({ checkout: { order, resume } }: { checkout: Checkout }) {
  return (
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
  );
}

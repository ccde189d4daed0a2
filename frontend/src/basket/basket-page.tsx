import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { productsQuery } from "../catalogue/products";
import { Empty } from "../components/empty";
import { Failure } from "../components/failure";
import { Money } from "../components/money";
import { Page } from "../components/page";
import { Skeleton } from "../components/skeleton";
import { priceBasket, type PricedBasket, useBasket } from "./basket";
import { BasketLineItem } from "./basket-line";

export default function BasketPage() {
  const basket = useBasket();
  const { data: products, error, refetch } = useQuery(productsQuery);
  if (basket.length === 0) {
    return (
      <Page title="Your basket">
        <Empty title="Your basket is empty." />
      </Page>
    );
  }
  return (
    <Page title="Your basket">
      {products && <Contents basket={priceBasket(basket, products)} />}
      {!products && error && (
        <Failure what="Today's prices" error={error} retry={() => void refetch()} />
      )}
      {!products && !error && <Skeleton className="skeleton-block" />}
    </Page>
  );
}

function Contents({ basket }: { basket: PricedBasket }) {
  return (
    <div className="basket-page">
      <ul className="basket-lines">
        {basket.lines.map((line) => (
          <li key={line.productId} tabIndex={-1}>
            <BasketLineItem line={line} />
          </li>
        ))}
      </ul>
      <section className="card summary" aria-labelledby="summary">
        <h2 id="summary">Summary</h2>
        {basket.total && (
          <p className="total">
            <span>Total</span>
            <Money value={basket.total} />
          </p>
        )}
        {basket.orderable ? (
          <Link href="/checkout" className="button primary">
            Go to checkout
          </Link>
        ) : (
          <p className="hint">
            {basket.totalFault ?? "Change what can't be had as it is; then go on to checkout."}
          </p>
        )}
      </section>
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { type BasketLine, priceBasket, useBasket } from "../basket/basket";
import { type Product, productsQuery } from "../catalogue/products";
import { Empty } from "../components/empty";
import { Failure } from "../components/failure";
import { Page } from "../components/page";
import { Skeleton } from "../components/skeleton";
import type { Session } from "../session/session";
import { SignInFirst } from "../session/sign-in-first";
import { type OrderRequest, requestOf } from "./attempt";
import { CheckoutForm } from "./checkout-form";
import { UnsettledOrder } from "./unsettled-order";
import { useCheckout } from "./use-checkout";

const WHY = "Sign in to order. Your basket stays as it is, and you come back to this page.";

export default function CheckoutPage() {
  return (
    <SignInFirst title="Checkout" why={WHY}>
      {(session) => <Checkout key={session.customerId} session={session} />}
    </SignInFirst>
  );
}

function Checkout({ session }: { session: Session }) {
  const checkout = useCheckout(session.customerId);
  const { order, pending, isBusy, isUnsettled } = checkout;
  const { data: products, error, refetch } = useQuery(productsQuery);
  const basket = useBasket();
  if (pending && isUnsettled) {
    return (
      <UnsettledOrder checkout={checkout} basket={requested(requestOf(pending), products ?? [])} />
    );
  }
  if (basket.length === 0 && !isBusy) {
    return (
      <Page title="Checkout">
        <Empty title="Your basket is empty.">
          <p>
            What you have ordered is under <Link href="/orders">My orders</Link>.
          </p>
        </Empty>
      </Page>
    );
  }
  // The basket is emptied when its order is accepted, a moment before that order's page is there.
  const sent = isBusy ? order.variables : undefined;
  return (
    <Page title="Checkout">
      {products && (
        <CheckoutForm
          email={session.email}
          checkout={checkout}
          basket={basket}
          priced={sent ? requested(requestOf(sent), products) : priceBasket(basket, products)}
        />
      )}
      {!products && error && (
        <Failure what="Today's prices" error={error} retry={() => void refetch()} />
      )}
      {!products && !error && <Skeleton className="skeleton-block" />}
    </Page>
  );
}

/** A request's lines with names and pictures; its total is the one that was agreed to. */
function requested({ lines, expectedTotal }: OrderRequest, products: Product[]) {
  const asBasket = lines.map((line): BasketLine => {
    const product = products.find((each) => each.productId === line.productId);
    return { ...line, seenPrice: product?.price ?? expectedTotal };
  });
  return { ...priceBasket(asBasket, products), total: expectedTotal };
}

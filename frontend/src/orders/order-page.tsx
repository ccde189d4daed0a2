import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useParams } from "wouter";

import { hasStatus } from "../api/problem";
import { productsQuery } from "../catalogue/products";
import { Empty } from "../components/empty";
import { Failure } from "../components/failure";
import { Page } from "../components/page";
import { Skeleton } from "../components/skeleton";
import { SignInFirst } from "../session/sign-in-first";
import { known } from "./order-copy";
import { OrderDetails } from "./order-details";
import { OrderNow } from "./order-now";
import { type Order, orderQuery } from "./orders";
import { MOST_STEPS } from "./steps";
import { Timeline } from "./timeline";

export default function OrderPage() {
  const { orderId = "" } = useParams();
  const query = useQueryOnce();
  return (
    <SignInFirst title="Your order" why="Sign in to see your order.">
      {({ customerId }) => <Tracking key={orderId} {...{ orderId, customerId, query }} />}
    </SignInFirst>
  );
}

/** The query of the address, which is taken out of it: a bank's page leads back with the payment's secret. */
function useQueryOnce(): URLSearchParams {
  const [path, navigate] = useLocation();
  const [query] = useState(() => new URLSearchParams(window.location.search));
  useEffect(() => {
    if (window.location.search !== "") navigate(path, { replace: true });
  }, [path, navigate]);
  return query;
}

type TrackingProps = { orderId: string; customerId: string; query: URLSearchParams };

function Tracking({ orderId, customerId, query: entered }: TrackingProps) {
  const query = useQuery(orderQuery(orderId, customerId));
  const { data: order, error, refetch } = query;
  if (hasStatus(error, 404)) {
    return (
      <Page title="Order not found">
        <Empty title="There is no such order of yours.">
          <p>A digit of its number may be missing, or you ordered with another address.</p>
          <Link href="/orders">See my orders</Link>
        </Empty>
      </Page>
    );
  }
  const isPaused = query.isRefetchError || query.isPaused || query.failureCount > 1;
  return (
    <Page title={order ? known(order.status).heading : "Your order"}>
      {order && <Contents {...{ order, isPaused, customerId }} query={entered} />}
      {!order && error && <Failure what="Your order" error={error} retry={() => void refetch()} />}
      {!order && !error && <ContentsSkeleton />}
    </Page>
  );
}

type ContentsProps = Omit<TrackingProps, "orderId"> & { order: Order; isPaused: boolean };

function Contents({ order, isPaused, customerId, query }: ContentsProps) {
  const { data: products = [] } = useQuery(productsQuery);
  const names = (productId: string): string =>
    order.lines.find((line) => line.productId === productId)?.name ??
    products.find((product) => product.productId === productId)?.name ??
    productId;
  return (
    <div className="order-page">
      <OrderNow {...{ order, names, customerId, query }} />
      <section className="card order-progress" aria-labelledby="progress">
        <h2 id="progress">Progress</h2>
        <Timeline order={order} />
        <p role="status" className="hint live">
          {updates(order, isPaused)}
        </p>
      </section>
      <OrderDetails order={order} names={names} />
    </div>
  );
}

function updates(order: Order, isPaused: boolean): string {
  if (order.settled) return "";
  return isPaused ? "Updates are paused. Trying again." : "This page updates by itself.";
}

/** As much room as the order will take, so that nothing moves when it is there. */
function ContentsSkeleton() {
  return (
    <div className="order-page" aria-busy="true">
      <div className="order-now">
        <p className="visually-hidden">Loading</p>
      </div>
      <div className="card order-progress">
        <h2>Progress</h2>
        <ol className="timeline">
          {Array.from({ length: MOST_STEPS }, (_, index) => (
            <li key={index} className="step">
              <Skeleton className="mark" />
              <Skeleton className="skeleton-step" />
            </li>
          ))}
        </ol>
        <p className="hint live" />
      </div>
      <div className="card order-details">
        <h2>Details</h2>
        <Skeleton className="skeleton-details" />
      </div>
    </div>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { Empty } from "../components/empty";
import { Failure } from "../components/failure";
import { Money } from "../components/money";
import { Notice } from "../components/notice";
import { Page } from "../components/page";
import { Skeleton } from "../components/skeleton";
import { SignInFirst } from "../session/sign-in-first";
import { known } from "./order-copy";
import { type OrderSummary, ordersQuery } from "./orders";
import { Time } from "./time";

const SHORT = 8;

export default function OrdersPage() {
  return (
    <SignInFirst title="My orders" why="Sign in to see your orders.">
      {({ customerId }) => (
        <Page title="My orders">
          <Orders customerId={customerId} />
        </Page>
      )}
    </SignInFirst>
  );
}

function Orders({ customerId }: { customerId: string }) {
  const query = useInfiniteQuery(ordersQuery(customerId));
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (!data && error) return <Failure what="Your orders" error={error} retry={() => void refetch()} />;
  const orders = data?.pages.flatMap((page) => page.orders);
  if (orders?.length === 0) return <Empty title="You have not ordered anything yet." />;
  return (
    <>
      <ul className="orders" aria-busy={orders === undefined}>
        {orders?.map((order) => <OrderItem key={order.orderId} order={order} />) ?? <Placeholders />}
      </ul>
      {query.isFetchNextPageError && (
        <Notice tone="bad" title="More orders could not be loaded." />
      )}
      {hasNextPage && (
        <button
          type="button"
          className="button more"
          aria-disabled={isFetchingNextPage}
          onClick={() => !isFetchingNextPage && void fetchNextPage()}
        >
          {isFetchingNextPage ? "Loading…" : "Show more"}
        </button>
      )}
    </>
  );
}

function OrderItem({ order }: { order: OrderSummary }) {
  const { words, tone } = known(order.status);
  return (
    <li className="order-item">
      <Link href={`/orders/${order.orderId}`} className="order-link">
        <span className="order-when">
          <Time at={order.createdAt} />
          <span className="hint">
            Order <span className="order-number">{order.orderId.slice(0, SHORT)}</span>
          </span>
        </span>
        <span className={`order-state ${tone}`}>{words}</span>
        <Money value={order.total} />
      </Link>
    </li>
  );
}

function Placeholders() {
  return Array.from({ length: 5 }, (_, index) => (
    <li key={index} className="order-item">
      <Skeleton className="skeleton-order" />
    </li>
  ));
}

import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";

import { noRoomFor, putBack } from "../basket/basket";
import { productsQuery } from "../catalogue/products";
import { toast } from "../components/toasts";
import { refusalOf } from "./order-copy";
import type { Order } from "./orders";

/** What can be done about a refused order: its lines go back into the basket, at today's prices. */
export function OrderAgain({ order }: { order: Order }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const refusal = refusalOf(order);
  if (!refusal) return null;
  const orderAgain = async () => {
    // Those that are here may be the prices that the order was refused for.
    const products = await client
      .fetchQuery({ ...productsQuery, staleTime: 0 })
      .catch(() => client.getQueryData(productsQuery.queryKey));
    if (products === undefined) return toast("The shop can't be reached. Try again in a moment.");
    const left = putBack(order.lines, products);
    if (left.length > 0) toast(noRoomFor(left));
    navigate(refusal.path);
  };
  return (
    <div className="order-again">
      <p>{refusal.next}</p>
      <button type="button" className="button primary" onClick={() => void orderAgain()}>
        {refusal.action}
      </button>
    </div>
  );
}

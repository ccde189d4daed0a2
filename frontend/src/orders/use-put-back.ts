import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";

import { noRoomFor, putBack } from "../basket/basket";
import { productsQuery } from "../catalogue/products";
import { toast } from "../components/toasts";
import type { Order } from "./orders";

/** Puts an order's lines back into the basket, at today's prices, and leads on to a page. */
export function usePutBack() {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  return async ({ lines }: Order, path: string): Promise<void> => {
    // Those that are here may be the prices that the order was refused for.
    const products = await client
      .fetchQuery({ ...productsQuery, staleTime: 0 })
      .catch(() => client.getQueryData(productsQuery.queryKey));
    if (products === undefined) return toast("The shop can't be reached. Try again in a moment.");
    const left = putBack(lines, products);
    if (left.length > 0) toast(noRoomFor(left));
    navigate(path);
  };
}

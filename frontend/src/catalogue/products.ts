import { queryOptions } from "@tanstack/react-query";

import { answerOf, api } from "../api/client";
import type { components } from "../api/schema";

export type Product = components["schemas"]["Product"];

/**
 * The whole catalogue. A product page finds its product in here, and so shows it at once. It is
 * kept here, and by CloudFront, for seconds; the browser's cache would only make it older.
 */
export const productsQuery = queryOptions({
  queryKey: ["products"],
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET("/api/products", { signal, cache: "no-cache" }))).products,
});

// Made from handlers/api/openapi.yaml by `make types`.

/** The operations that need the customer's token, by method and path. */
export const SECURED: ReadonlySet<string> = new Set([
  "GET /api/orders",
  "POST /api/orders",
  "GET /api/orders/{orderId}",
  "POST /api/orders/{orderId}/cancel",
  "GET /api/orders/{orderId}/receipt",
]);

export const ORDER_ID = /^[A-Z2-7]{26}$/;
export const PRODUCT_ID = /^[a-z0-9-]{1,64}$/;
export const CURRENCY = /^[A-Z]{3}$/;
export const IDEMPOTENCY_KEY = /^[!-~]+$/;
export const MOST_LINES = 20;
export const MOST_OF_ONE = 1000;
export const LONGEST_NAME = 100;

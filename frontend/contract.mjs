// Writes src/api/contract.ts: what openapi-typescript leaves out of the contract. With --check it
// only compares, and fails if the file is not current.
import { readFileSync, writeFileSync } from "node:fs";

import { load } from "js-yaml";

const OUTPUT = "src/api/contract.ts";
const contract = load(readFileSync("../handlers/api/openapi.yaml", "utf8"));
const { parameters, schemas, securitySchemes } = contract.components;
const { OrderRequest, RequestedLine, Money } = schemas;
const key = contract.paths["/api/orders"].post.parameters.find(({ name }) => name === "Idempotency-Key");

/** Every operation that asks for something in the header Authorization, as "GET /api/orders". */
function secured() {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { operationId }]) => operationId !== undefined)
      .filter(([, { security = contract.security ?? [] }]) =>
        security.flatMap(Object.keys).some((name) => securitySchemes[name].name === "Authorization"),
      )
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}

const lines = [
  "// Made from handlers/api/openapi.yaml by `make types`.",
  "",
  "/** The operations that need the customer's token, by method and path. */",
  "export const SECURED: ReadonlySet<string> = new Set([",
  ...secured().map((operation) => `  ${JSON.stringify(operation)},`),
  "]);",
  "",
  `export const ORDER_ID = ${new RegExp(parameters.OrderId.schema.pattern)};`,
  `export const PRODUCT_ID = ${new RegExp(RequestedLine.properties.productId.pattern)};`,
  `export const CURRENCY = ${new RegExp(Money.properties.currency.pattern)};`,
  `export const IDEMPOTENCY_KEY = ${new RegExp(key.schema.pattern)};`,
  `export const MOST_LINES = ${OrderRequest.properties.lines.maxItems};`,
  `export const MOST_OF_ONE = ${RequestedLine.properties.quantity.maximum};`,
  `export const LONGEST_NAME = ${OrderRequest.properties.name.maxLength};`,
  "",
];
const text = lines.join("\n");
if (!process.argv.includes("--check")) writeFileSync(OUTPUT, text);
else if (readFileSync(OUTPUT, "utf8") !== text) {
  process.stderr.write(`${OUTPUT} does not say what the contract says\n`);
  process.exitCode = 1;
}

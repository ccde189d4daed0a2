import { ApiError } from "../api/problem";
import type { OrderRequest } from "./attempt";

/** What is wrong with an order request, sorted by where the customer can put it right. */
export type Faults = {
  name?: string;
  card?: string;
  /** By product. */
  lines: ReadonlyMap<string, string>;
  /** What no field is to blame for. */
  other?: string;
};

export const NO_FAULTS: Faults = { lines: new Map() };

/** The faults that the API found in `request`, by the paths it names: `lines[0].quantity`. */
export function faultsOf(error: Error, request: OrderRequest): Faults {
  const lines = new Map<string, string>();
  const faults: Faults = { lines };
  const listed = error instanceof ApiError ? error.faults : [];
  for (const { path, message } of listed) {
    const [, position, field = "line"] = /^lines\[(\d+)\](?:\.(\w+))?/.exec(path) ?? [];
    const productId = request.lines[Number(position)]?.productId;
    if (productId !== undefined) lines.set(productId, `${NAMES[field] ?? "This"} ${message}.`);
    else if (path === "name") faults.name = `The name ${message}.`;
    else if (path === "paymentMethod") faults.card = "This card can't be used. Choose another one.";
    else if (path === "expectedTotal") faults.other = `The total ${message}.`;
    else faults.other = `${path} ${message}.`;
  }
  if (listed.length === 0) faults.other = `${error.message}.`.replace(/\.\.$/, ".");
  return faults;
}

const NAMES: Record<string, string> = { quantity: "The quantity", productId: "This product" };

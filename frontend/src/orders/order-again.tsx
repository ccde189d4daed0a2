import { wayOnFrom } from "./order-copy";
import type { Order } from "./orders";
import { usePutBack } from "./use-put-back";

/** What can be done about an order that came to nothing: its lines go back into the basket. */
export function OrderAgain({ order }: { order: Order }) {
  const putBack = usePutBack();
  const wayOn = wayOnFrom(order);
  if (!wayOn) return null;
  return (
    <div className="order-again">
      <p>{wayOn.next}</p>
      <button type="button" className="button primary" onClick={() => void putBack(order, wayOn.path)}>
        {wayOn.action}
      </button>
    </div>
  );
}

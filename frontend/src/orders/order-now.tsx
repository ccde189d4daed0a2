import { known, situation, type Tone } from "./order-copy";
import type { Order } from "./orders";
import { ReceiptButton } from "./receipt-button";
import { Mark } from "./timeline";

type OrderNowProps = { order: Order; names: (productId: string) => string };

/** What is happening to the order, said again whenever that changes; and its receipt. */
export function OrderNow({ order, names }: OrderNowProps) {
  const { tone } = known(order.status);
  return (
    <div className={`order-now ${tone}`}>
      <Mark state={MARKS[tone]} />
      <p role="status">{situation(order, names)}</p>
      <div className="order-receipt">
        {order.receiptAvailable && <ReceiptButton orderId={order.orderId} />}
      </div>
    </div>
  );
}

const MARKS: Record<Tone, "now" | "done" | "stopped"> = {
  moving: "now",
  waiting: "now",
  good: "done",
  bad: "stopped",
  over: "done",
};

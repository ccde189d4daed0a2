import { hasStatus } from "../api/problem";
import { Notice } from "../components/notice";
import { Approval } from "./approval";
import { known, situation, type Tone } from "./order-copy";
import type { Order } from "./orders";
import { ReceiptButton } from "./receipt-button";
import { Mark } from "./timeline";
import { useCancel } from "./use-cancel";

type OrderNowProps = {
  order: Order;
  names: (productId: string) => string;
  customerId: string;
  query: URLSearchParams;
};

/** What is happening to the order, said again whenever that changes; what to do about it; its receipt. */
export function OrderNow({ order, names, customerId, query }: OrderNowProps) {
  const { tone } = known(order.status);
  const cancelling = useCancel(order, customerId);
  const notCancelled = cancelling.error && <NotCancelled order={order} error={cancelling.error} />;
  return (
    <div className={`order-now ${tone}`}>
      <Mark state={MARKS[tone]} />
      <p role="status" className="situation">
        {situation(order, names)}
      </p>
      {order.receiptAvailable && (
        <div className="order-actions">
          <ReceiptButton orderId={order.orderId} />
        </div>
      )}
      {order.status === "AWAITING_PAYMENT" ? (
        <Approval {...{ order, customerId, query, cancelling }}>{notCancelled}</Approval>
      ) : (
        notCancelled && <div className="order-said">{notCancelled}</div>
      )}
      {order.status === "CANCELLING" && cancelling.leaves && (
        <p className="hint until">You can choose another card as soon as it is cancelled.</p>
      )}
    </div>
  );
}

/** The API's own reason, if it refused. Otherwise the order may be cancelled all the same; its status says so. */
function NotCancelled({ order: { status }, error }: { order: Order; error: Error }) {
  const isRefused = hasStatus(error, 409);
  const isStopped = status === "CANCELLING" || status === "CANCELLED";
  if (isStopped || (!isRefused && status !== "AWAITING_PAYMENT")) return null;
  return (
    <Notice tone="bad" title={isRefused ? "The order could not be cancelled." : UNKNOWN}>
      <p>{isRefused ? error.message : "Check your connection, then try again."}</p>
    </Notice>
  );
}

const UNKNOWN = "We don't know yet whether the order is cancelled.";

const MARKS: Record<Tone, "now" | "done" | "stopped"> = {
  moving: "now",
  waiting: "now",
  good: "done",
  bad: "stopped",
  over: "done",
};

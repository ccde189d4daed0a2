import type { Checkout } from "./use-checkout";

type ProgressProps = { checkout: Checkout; before?: string };

/** Says how the sending goes, and that waiting or losing the connection does no harm. */
export function Progress({ checkout: { order, isBusy }, before }: ProgressProps) {
  return (
    <p role="status" className="sending">
      {isBusy && <span className="spinner" aria-hidden="true" />}
      {isBusy ? progress(order) : before}
    </p>
  );
}

function progress({ isPaused, failureCount }: Checkout["order"]): string {
  if (isPaused) return "You are offline; it goes on when you are back.";
  if (failureCount === 0) return "Sending your order…";
  return "The shop is slow to answer. Still trying: your order can't be placed twice.";
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";

import { LinkButton } from "../components/link-button";
import { Notice } from "../components/notice";
import { askForApproval, type Outcome, outcomeInAddress } from "./bank-approval";
import { isTimeOver, type Order } from "./orders";
import { Time } from "./time";
import type { Cancelling } from "./use-cancel";

type ApprovalProps = {
  order: Order;
  customerId: string;
  /** The query of the address that the page was entered by. */
  query: URLSearchParams;
  cancelling: Cancelling;
  /** What else is to be said. */
  children: ReactNode;
};

/** What the customer can do about a payment that waits for their approval: approve it, or cancel the order. */
export function Approval({ order, customerId, query, cancelling, children }: ApprovalProps) {
  const { approve, outcome, isBusy, isUnreachable } = useApproval(order, customerId, query);
  const [asks, setAsks] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { action } = order;
  const canApprove = action !== undefined && !isTimeOver(order) && outcome !== "refused";
  const keep = () => {
    setAsks(false);
    opener.current?.focus();
  };
  if (cancelling.isBusy) {
    return (
      <p role="status" className="order-actions">
        Cancelling the order…
      </p>
    );
  }
  if (outcome === "approved") {
    return (
      <div className="order-said">
        <Said outcome={outcome} />
      </div>
    );
  }
  return (
    <>
      {canApprove && (
        <p className="hint until">
          Until <Time at={action.approveBy} after={order.createdAt} />
        </p>
      )}
      <div className="order-actions">
        {canApprove && (
          <button
            type="button"
            className="button primary"
            aria-disabled={isBusy}
            onClick={() => !isBusy && approve()}
          >
            {isBusy ? "Opening your bank's page…" : "Approve the payment"}
          </button>
        )}
        <div className="choices">
          <button
            type="button"
            className={canApprove ? "link-button" : "button primary"}
            onClick={() => cancelling.cancel(true)}
          >
            Use another card
          </button>
          <LinkButton ref={opener} onClick={() => setAsks(true)}>
            Cancel the order
          </LinkButton>
        </div>
      </div>
      <div className="order-said">
        {outcome && <Said outcome={outcome} />}
        {isUnreachable && <Unreachable />}
        {asks && <CancelQuestion confirm={() => cancelling.cancel(false)} keep={keep} />}
        {children}
      </div>
    </>
  );
}

/** Asks for the approval, and then the API for the order: whatever came of it, the order's status says it. */
function useApproval({ orderId, action }: Order, customerId: string, query: URLSearchParams) {
  const client = useQueryClient();
  const asked = useMutation({
    mutationFn: (clientSecret: string) => askForApproval(client, clientSecret),
    onSettled: () => client.invalidateQueries({ queryKey: ["orders", customerId, orderId] }),
  });
  const before = action && outcomeInAddress(query, action.clientSecret);
  return {
    approve: () => action && asked.mutate(action.clientSecret),
    outcome: asked.isIdle ? before : (asked.data ?? undefined),
    isBusy: asked.isPending,
    isUnreachable: asked.isError,
  };
}

function CancelQuestion({ confirm, keep }: { confirm: () => void; keep: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <Notice tone="warning" title="Cancel this order?">
      <p>You are not charged. You can order again at any time.</p>
      <div className="choices">
        <button ref={button} type="button" className="button" onClick={confirm}>
          Yes, cancel it
        </button>
        <LinkButton onClick={keep}>Keep the order</LinkButton>
      </div>
    </Notice>
  );
}

function Unreachable() {
  return (
    <Notice tone="bad" title="Your bank's page could not be opened.">
      <p>Check your connection, and whether your browser blocks the payment service. Then try again.</p>
    </Notice>
  );
}

function Said({ outcome }: { outcome: Outcome }) {
  const [tone, title, text] = WORDS[outcome];
  return (
    <Notice tone={tone} title={title}>
      <p>{text}</p>
    </Notice>
  );
}

const WORDS: Record<Outcome, ["good" | "info" | "warning", title: string, text: string]> = {
  approved: ["good", "Your bank has your approval.", "The order goes on in a moment."],
  refused: [
    "warning",
    "The payment was not approved.",
    "Nothing is charged. Use another card, or cancel the order.",
  ],
  open: ["info", "You have not approved the payment yet.", "You can still do so, or use another card."],
  unclear: [
    "info",
    "We don't know yet whether the payment is approved.",
    "This page shows it as soon as we do. If nothing changes, try again.",
  ],
};

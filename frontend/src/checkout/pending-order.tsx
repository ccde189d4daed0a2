import { Link, useLocation } from "wouter";

import { type Session, useSession } from "../session/session";
import { usePendingAttempt } from "./attempt";

/** Says on every page but the checkout that an order was sent whose outcome is not known. */
export function PendingOrder() {
  const session = useSession();
  const [path] = useLocation();
  return (
    <div role="status" className="pending-order">
      {session && path !== "/checkout" && <Reminder session={session} />}
    </div>
  );
}

function Reminder({ session }: { session: Session }) {
  const pending = usePendingAttempt(session.customerId);
  if (pending === null || pending.sends === 0) return null;
  return (
    <p>
      An order of yours is not finished yet. <Link href="/checkout">See what became of it</Link>
    </p>
  );
}

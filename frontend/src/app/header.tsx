import { Link, useLocation } from "wouter";

import { useBasket } from "../basket/basket";
import { toast } from "../components/toasts";
import { signIn, signOut, useSession, whyNoSignIn } from "../session/session";
import { SHOP } from "../shop";

const SIGNED_OUT_HERE =
  "You are signed out here, but the sign-in page can't be reached and may know you for an hour.";

export function Header() {
  const count = useBasket().reduce((sum, line) => sum + line.quantity, 0);
  return (
    <header className="header">
      <Link href="/" className="brand">
        {SHOP}
      </Link>
      <nav aria-label="Main">
        <Link href="/orders" className="nav-link">
          My orders
        </Link>
        <SignInOrOut />
        <Link href="/basket" className="nav-link basket-link">
          Basket <span className="badge">{count}</span>
          <span className="visually-hidden">{count === 1 ? "item" : "items"}</span>
        </Link>
      </nav>
    </header>
  );
}

function SignInOrOut() {
  const session = useSession();
  const [path] = useLocation();
  const go = () => {
    if (session) return void signOut().catch(() => toast(SIGNED_OUT_HERE));
    const returnTo = path === "/signed-in" ? "/" : path;
    signIn(returnTo).catch((error: unknown) => toast(whyNoSignIn(error)));
  };
  return (
    <button type="button" className="nav-link" onClick={go} title={session?.email}>
      {session ? "Sign out" : "Sign in"}
    </button>
  );
}

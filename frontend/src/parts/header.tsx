import { Link, useLocation } from "wouter";

import { useBasket } from "../basket/basket";
import { signIn, signOut, useSession, whyNoSignIn } from "../session/session";
import { SHOP } from "../shop";
import { toast } from "./toasts";

const UNREACHABLE = "The sign-in can't be reached. Try again in a moment.";

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
    if (session) return void signOut().catch(() => toast(UNREACHABLE));
    const returnTo = path === "/signed-in" ? "/" : path;
    signIn(returnTo).catch((error: unknown) => toast(whyNoSignIn(error)));
  };
  return (
    <button type="button" className="nav-link" onClick={go} title={session?.email}>
      {session ? "Sign out" : "Sign in"}
    </button>
  );
}

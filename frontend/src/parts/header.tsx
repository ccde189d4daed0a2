import { Link, useLocation } from "wouter";

import { useBasket } from "../basket/basket";
import { signIn, signOut, useSession } from "../session/session";
import { SHOP } from "../shop";
import { toast } from "./toasts";

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
    const leaving = session ? signOut() : signIn(path === "/signed-in" ? "/" : path);
    leaving.catch(() => toast("The sign-in can't be reached. Try again in a moment."));
  };
  return (
    <button type="button" className="nav-link" onClick={go} title={session?.email}>
      {session ? "Sign out" : "Sign in"}
    </button>
  );
}

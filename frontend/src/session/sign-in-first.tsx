import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";

import { Notice } from "../parts/notice";
import { Page } from "../parts/page";
import { hasExpired, type Session, signIn, useSession } from "./session";

type SignInFirstProps = {
  title: string;
  why: string;
  children: (session: Session) => ReactNode;
};

/** A page that only a signed-in customer sees; others are asked to sign in and come back to it. */
export function SignInFirst({ title, why, children }: SignInFirstProps) {
  const session = useSession();
  const [path] = useLocation();
  const [failed, setFailed] = useState(false);
  if (session) return children(session);
  return (
    <Page title={title}>
      <div className="sign-in-first">
        {hasExpired() && (
          <Notice tone="warning" title="You have been signed out because it has been a while.">
            <p>Sign in again and go on where you were.</p>
          </Notice>
        )}
        <p>{why}</p>
        <button
          type="button"
          className="button primary"
          onClick={() => {
            setFailed(false);
            signIn(path).catch(() => setFailed(true));
          }}
        >
          Sign in
        </button>
        {failed && (
          <Notice tone="bad" title="The sign-in can't be reached. Try again in a moment." />
        )}
      </div>
    </Page>
  );
}

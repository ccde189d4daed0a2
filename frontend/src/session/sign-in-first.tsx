import type { ReactNode } from "react";
import { useLocation } from "wouter";

import { Notice } from "../components/notice";
import { Page } from "../components/page";
import { hasExpired, type Session, useSession } from "./session";
import { SignInButton } from "./sign-in-button";

type SignInFirstProps = {
  title: string;
  why: string;
  children: (session: Session) => ReactNode;
};

/** A page that only a signed-in customer sees; others are asked to sign in and come back to it. */
export function SignInFirst({ title, why, children }: SignInFirstProps) {
  const session = useSession();
  const [path] = useLocation();
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
        <SignInButton label="Sign in" returnTo={path} />
      </div>
    </Page>
  );
}

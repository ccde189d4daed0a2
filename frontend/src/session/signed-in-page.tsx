import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import { Notice } from "../components/notice";
import { Page } from "../components/page";
import { completeSignIn } from "./session";
import { SignInButton } from "./sign-in-button";

let finishing: Promise<string> | undefined;

/** Where the hosted login returns to. The code in the address is good for one exchange. */
export default function SignedInPage() {
  const [, navigate] = useLocation();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    // React runs effects twice in development; the code can be used only once.
    finishing ??= completeSignIn().finally(() => (finishing = undefined));
    finishing.then(
      (path) => navigate(path, { replace: true }),
      () => setFailed(true),
    );
  }, [navigate]);
  return (
    <Page title={failed ? "The sign-in did not work" : "Signing you in"}>
      {failed && (
        <div className="sign-in-first">
          <Notice tone="bad" title="This sign-in was not finished, or it was used already." />
          <SignInButton label="Sign in again" returnTo="/" />
        </div>
      )}
    </Page>
  );
}

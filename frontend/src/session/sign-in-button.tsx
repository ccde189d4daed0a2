import { useState } from "react";

import { Notice } from "../components/notice";
import { signIn, whyNoSignIn } from "./session";

type SignInButtonProps = { label: string; returnTo: string };

/** Leads to the hosted login, or says why it can't. */
export function SignInButton({ label, returnTo }: SignInButtonProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const go = () => {
    setProblem(null);
    signIn(returnTo).catch((error: unknown) => setProblem(whyNoSignIn(error)));
  };
  return (
    <>
      <button type="button" className="button primary" onClick={go}>
        {label}
      </button>
      {problem !== null && <Notice tone="bad" title={problem} />}
    </>
  );
}

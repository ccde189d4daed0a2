import { isUnanswered } from "../api/problem";
import { Notice } from "./notice";

type FailureProps = { error: Error; what: string; retry: () => void };

/** Something could not be loaded: what, why, and a button that tries again. */
export function Failure({ error, what, retry }: FailureProps) {
  const reason =
    isUnanswered(error) || !navigator.onLine
      ? "Check your connection; nothing is lost."
      : "Something is wrong on our side; nothing is lost. Try again in a moment.";
  return (
    <Notice tone="bad" title={`${what} could not be loaded.`}>
      <p>{reason}</p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </Notice>
  );
}

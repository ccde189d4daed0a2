import { useMutation } from "@tanstack/react-query";

import { isTransient } from "../api/problem";
import { pause } from "../api/query-client";
import { Notice } from "../components/notice";
import { receiptUrl } from "./orders";

const RETRIES = 2;

/** Fetches a fresh link, because one lasts only minutes, and follows it: the PDF is a download. */
export function ReceiptButton({ orderId }: { orderId: string }) {
  const receipt = useMutation({
    mutationFn: () => receiptUrl(orderId),
    onSuccess: (url) => window.location.assign(url),
    retry: (count, error) => count < RETRIES && isTransient(error),
    retryDelay: pause,
  });
  return (
    <>
      <button
        type="button"
        className="button primary"
        aria-disabled={receipt.isPending}
        onClick={() => !receipt.isPending && receipt.mutate()}
      >
        {receipt.isPending ? "Getting the receipt…" : "Download receipt (PDF)"}
      </button>
      {receipt.isError && (
        <Notice tone="bad" title="The receipt could not be fetched.">
          <button type="button" className="link-button" onClick={() => receipt.mutate()}>
            Try again
          </button>
        </Notice>
      )}
    </>
  );
}

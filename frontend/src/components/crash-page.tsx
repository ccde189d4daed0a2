import { useEffect } from "react";

import { Empty } from "./empty";
import type { Failed } from "./error-boundary";
import { Page } from "./page";

/** The code of a page could not be had because there is no connection. */
export class OfflineError extends Error {}

/** A page that failed says so and offers the way out. */
export function CrashPage({ error, retry }: Failed) {
  return error instanceof OfflineError ? <OfflinePage retry={retry} /> : <BrokenPage />;
}

/** The last resort: not only the page failed but what is around it. */
export function CrashedShop(failed: Failed) {
  return (
    <main>
      <CrashPage {...failed} />
    </main>
  );
}

function OfflinePage({ retry }: Pick<Failed, "retry">) {
  useEffect(() => {
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [retry]);
  return (
    <Page title="You are offline">
      <Empty title="Your basket and your orders are safe.">
        <p>This page comes as soon as you are back.</p>
      </Empty>
    </Page>
  );
}

function BrokenPage() {
  return (
    <Page title="Something went wrong">
      <Empty title="Your basket and your orders are safe.">
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Load the page again
        </button>
      </Empty>
    </Page>
  );
}

import { Suspense } from "react";
import { Route, Switch } from "wouter";

import { takeTokensFrom } from "./api/client";
import { PendingOrder } from "./checkout/pending-order";
import { pages } from "./pages";
import { CrashPage } from "./parts/crash-page";
import { ErrorBoundary } from "./parts/error-boundary";
import { Footer } from "./parts/footer";
import { Header } from "./parts/header";
import { NotFoundPage } from "./parts/not-found-page";
import { OfflineBanner } from "./parts/offline-banner";
import { PageSkeleton } from "./parts/skeleton";
import { Toasts } from "./parts/toasts";
import { expire, idToken } from "./session/session";

takeTokensFrom({ idToken, expire });

/** What is around every page, and the page that the address names. */
export function App() {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <OfflineBanner />
      <PendingOrder />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary fallback={CrashPage}>
          <CurrentPage />
        </ErrorBoundary>
      </main>
      <Footer />
      <Toasts />
    </>
  );
}

function CurrentPage() {
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Switch>
        {pages.map(({ path, component }) => (
          <Route key={path} path={path} component={component} />
        ))}
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Suspense>
  );
}

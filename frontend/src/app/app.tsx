import { Suspense } from "react";
import { Route, Switch } from "wouter";

import { takeTokensFrom } from "../api/client";
import { PendingOrder } from "../checkout/pending-order";
import { CrashPage } from "../components/crash-page";
import { ErrorBoundary } from "../components/error-boundary";
import { NotFoundPage } from "../components/not-found-page";
import { PageSkeleton } from "../components/skeleton";
import { Toasts } from "../components/toasts";
import { expire, idToken } from "../session/session";
import { Footer } from "./footer";
import { Header } from "./header";
import { OfflineBanner } from "./offline-banner";
import { pages } from "./pages";

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

import "./app/styles.css";
import "virtual:shop.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { createQueryClient } from "./api/query-client";
import { App } from "./app/app";
import { reloadForNewCode } from "./app/new-code";
import { loadPage } from "./app/pages";
import { productsQuery } from "./catalogue/products";
import { CrashedShop } from "./components/crash-page";
import { ErrorBoundary } from "./components/error-boundary";

window.addEventListener("vite:preloadError", (event) => {
  if (reloadForNewCode()) event.preventDefault();
});

const client = createQueryClient();
// Both before the first render: a page's code and its data come at the same time.
loadPage(window.location.pathname);
void client.prefetchQuery(productsQuery);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <ErrorBoundary fallback={CrashedShop}>
        <App />
      </ErrorBoundary>
    </QueryClientProvider>
  </StrictMode>,
);

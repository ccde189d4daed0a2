import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import shop from "../handlers/domain/shop.json" with { type: "json" };

// README.md names them too.
const OLDEST_BROWSERS = ["safari16.4", "chrome109", "edge109", "firefox115"];

export default defineConfig({
  plugins: [react(), shopIdentity()],
  build: {
    manifest: true,
    target: OLDEST_BROWSERS,
    cssTarget: OLDEST_BROWSERS,
    // Every browser that runs this code knows modulepreload.
    modulePreload: { polyfill: false },
    // Files of their own: the content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    // Few files pack better than many: the first page's, and what several later pages share, but for
    // what only stacks with Stripe load. https://rolldown.rs/reference/OutputOptions.codeSplitting
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "first", tags: ["$initial"], priority: 1 },
            { name: "shared", minShareCount: 2, test: (id) => !id.includes("stripe") },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
  },
});

/** Writes the shop's name into index.html, and its accent colours into `virtual:shop.css`. */
function shopIdentity(): Plugin {
  const styles = "virtual:shop.css";
  return {
    name: "shop-identity",
    resolveId: (id) => (id === styles ? `/${styles}` : undefined),
    load: (id) =>
      id === `/${styles}`
        ? `:root { --accent: light-dark(${shop.accent}, ${shop.accentOnDark}) }`
        : undefined,
    transformIndexHtml: { order: "pre", handler: (html) => html.replace("SHOP_NAME", shop.name) },
  };
}

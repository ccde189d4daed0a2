import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, vi } from "vitest";

import { server, shop } from "./server";

// Retries without their pauses.
vi.mock("../src/api/query-client", async (original) => ({
  ...(await original<typeof import("../src/api/query-client")>()),
  pause: () => 1,
}));

// A page's first import takes its time on a busy machine.
configure({ asyncUtilTimeout: 5_000 });

// Before any test is imported: the API's client takes the fetch that it finds then.
server.listen({ onUnhandledFrame: "error" });

// As index.html has it.
document.documentElement.lang = "en";

// What jsdom lacks.
window.scrollTo = () => undefined;
HTMLCanvasElement.prototype.getContext = () => null;
const locks: { turn: Promise<unknown> } = { turn: Promise.resolve() };
Object.defineProperty(navigator, "locks", {
  value: {
    request: (_name: string, held: () => unknown) => (locks.turn = locks.turn.then(held)),
  },
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  server.resetHandlers();
  shop.reset();
});

afterAll(() => server.close());

import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw/http";
import { expect, it, vi } from "vitest";

import { currentSession } from "../../src/session/session";
import { server } from "../server";
import { signInAs, visit } from "../visit";

const UNREACHABLE = "The sign-in can't be reached. Try again in a moment.";

function withoutSettings(): void {
  server.use(http.get(`${window.location.origin}/config.json`, () => HttpResponse.error()));
}

it("a sign-in whose settings never come says so", async () => {
  const timeout = new AbortController();
  const limit = vi.spyOn(AbortSignal, "timeout").mockReturnValue(timeout.signal);
  server.use(
    http.get(`${window.location.origin}/config.json`, () => {
      setTimeout(() => timeout.abort());
      return new Promise<never>(() => undefined);
    }),
  );
  const { user } = visit("/basket");
  await user.click(await screen.findByRole("button", { name: "Sign in" }));
  expect(await screen.findByText(UNREACHABLE)).toBeInTheDocument();
  expect(limit).toHaveBeenCalledWith(20_000);
});

it("a sign-in that did not work and can't be begun again says so", async () => {
  withoutSettings();
  const { user } = visit("/signed-in?code=c&state=forged");
  await user.click(await screen.findByRole("button", { name: "Sign in again" }));
  const page = within(screen.getByRole("main"));
  expect(await page.findByText(UNREACHABLE)).toBeInTheDocument();
});

it("signing out without a connection signs out here and says what it could not do", async () => {
  signInAs("ada");
  withoutSettings();
  const { user } = visit("/orders");
  await user.click(await screen.findByRole("button", { name: "Sign out" }));
  expect(await screen.findByText(/You are signed out here, but/)).toBeInTheDocument();
  expect(await screen.findByText("Sign in to see your orders.")).toBeInTheDocument();
  expect(screen.queryByText(/it has been a while/)).not.toBeInTheDocument();
  expect(currentSession()).toBeNull();
});

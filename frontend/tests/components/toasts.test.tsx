import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { toast, Toasts } from "../../src/components/toasts";

const said = () => [...screen.getByRole("status").children].map((each) => each.textContent);
const say = (...texts: string[]) => act(() => texts.forEach((text) => toast(text)));
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
  render(<Toasts />);
});
afterEach(() => {
  pass(60_000);
  vi.useRealTimers();
});

it("what is said again is there once, for as long as if it were said now", () => {
  say("Cup: in your basket");
  pass(3_000);
  say("Lamp: in your basket", "Cup: in your basket");
  expect(said()).toEqual(["Lamp: in your basket", "Cup: in your basket"]);
  pass(3_000);
  expect(said()).toHaveLength(2);
  pass(3_000);
  expect(said()).toEqual([]);
});

it("only the latest are there, however much is said at once", () => {
  say("1", "2", "3", "4", "5");
  expect(said()).toEqual(["3", "4", "5"]);
});

it("what takes longer to read is there for longer", () => {
  say("Cup: in your basket", "No room in your basket for Cup, Lamp: it holds 20 products at most");
  pass(5_000);
  expect(said()).toHaveLength(1);
});

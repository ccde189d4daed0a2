import * as v from "valibot";
import { expect, it, vi } from "vitest";

import { Stored } from "../src/storage";

const create = () => new Stored("orders.test", v.number());

it("another tab's change is seen, and told", () => {
  const stored = create();
  const listener = vi.fn<() => void>();
  stored.subscribe(listener);
  localStorage.setItem("orders.test", "2");
  window.dispatchEvent(new StorageEvent("storage", { key: "orders.test" }));
  expect(stored.get()).toBe(2);
  expect(listener).toHaveBeenCalledOnce();
});

it("what can't be stored is kept as long as the page", () => {
  const stored = create();
  stored.set(1);
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  stored.set(2);
  expect(stored.get()).toBe(2);
});

it.each(["{", '"two"'])("what something else has stored reads as absent: %s", (text) => {
  localStorage.setItem("orders.test", text);
  expect(create().get()).toBeNull();
});

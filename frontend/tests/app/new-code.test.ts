import { beforeEach, expect, it, vi } from "vitest";

import { reloadForNewCode } from "../../src/app/new-code";
import { refuseStorage } from "../visit";

const reload = vi.fn<() => void>();

beforeEach(() => {
  reload.mockClear();
  vi.stubGlobal("location", { ...window.location, reload });
});

it("the page is loaded anew once, not again and again", () => {
  expect([reloadForNewCode(), reloadForNewCode()]).toEqual([true, false]);
  expect(reload).toHaveBeenCalledOnce();
});

it("the page is not loaded anew where nothing can be kept, as it could not tell the second time", () => {
  refuseStorage();
  expect(reloadForNewCode()).toBe(false);
  expect(reload).not.toHaveBeenCalled();
});

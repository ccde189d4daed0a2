import axe from "axe-core";
import { expect } from "vitest";

/** Fails with what axe finds on the page. Colours need a browser: jsdom has no layout. */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.documentElement, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

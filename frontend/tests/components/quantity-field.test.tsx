import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";

import { QuantityField } from "../../src/components/quantity-field";

const MOST = 30;
const ALL = "{Control>}a{/Control}";

function Chooser() {
  const [quantity, setQuantity] = useState(2);
  return (
    <>
      <QuantityField label="Quantity of Cup" value={quantity} most={MOST} onChange={setQuantity} />
      <output>{quantity}</output>
    </>
  );
}

function choose() {
  render(<Chooser />);
  const user = userEvent.setup();
  const field = screen.getByRole("spinbutton", { name: "Quantity of Cup" });
  return { user, field };
}

const chosen = () => Number(screen.getByRole("status").textContent);

describe("the quantity field", () => {
  it.each([
    ["{Backspace}3", 3],
    [`${ALL}{Delete}12`, 12],
    [`${ALL}7`, 7],
    ["0", 20],
  ])("takes the number that is typed, as it is typed: %s", async (keys, quantity) => {
    const { user, field } = choose();
    await user.click(field);
    await user.keyboard(keys);
    expect(field).toHaveValue(String(quantity));
    expect(chosen()).toBe(quantity);
  });

  it.each([
    ["nothing", "{Backspace}", 2],
    ["less than one", `${ALL}0`, 1],
    ["more than there is", `${ALL}99`, MOST],
    ["a negative number", `${ALL}-5`, 2],
    ["a fraction", `${ALL}2,5`, 2],
    ["no number", `${ALL}few`, 2],
  ])("leaves a possible quantity where %s was typed", async (_what, keys, quantity) => {
    const { user, field } = choose();
    await user.click(field);
    await user.keyboard(keys);
    await user.tab();
    expect(field).toHaveValue(String(quantity));
    expect(chosen()).toBe(quantity);
  });

  it("goes up and down with the arrow keys, and not beyond its ends", async () => {
    const { user, field } = choose();
    await user.click(field);
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(chosen()).toBe(4);
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}");
    expect(field).toHaveValue("1");
  });

  it("keeps the focus on a button that has come to its end", async () => {
    const { user } = choose();
    const less = screen.getByRole("button", { name: "One less: Quantity of Cup" });
    await user.click(less);
    await user.click(less);
    expect(chosen()).toBe(1);
    expect(less).toHaveFocus();
    expect(less).toHaveAttribute("aria-disabled", "true");
  });
});

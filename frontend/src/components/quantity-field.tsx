import { type KeyboardEvent, useId, useState } from "react";

type QuantityFieldProps = {
  label: string;
  value: number;
  most: number;
  onChange: (quantity: number) => void;
};

const STEPS: Partial<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1 };

/**
 * How many: type it, or step. Never below one or above `most`. A text field, because a number's
 * drops what it can't read: "2,5" would become 25.
 */
export function QuantityField({ label, value, most, onChange }: QuantityFieldProps) {
  const id = useId();
  // What is being typed may be no quantity yet; on leaving the field it says what was taken.
  const [typed, setTyped] = useState<string | null>(null);
  const set = (quantity: number) => onChange(Math.max(1, Math.min(quantity, most)));
  const type = (text: string) => {
    setTyped(text);
    if (/^\d+$/.test(text)) set(Number(text));
  };
  const step = (by: number) => {
    setTyped(null);
    set(value + by);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  return (
    <div className="quantity">
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <StepButton label={`One less: ${label}`} atEnd={value <= 1} onStep={() => step(-1)}>
        −
      </StepButton>
      <input
        id={id}
        role="spinbutton"
        inputMode="numeric"
        autoComplete="off"
        aria-valuenow={value}
        aria-valuemin={1}
        aria-valuemax={most}
        value={typed ?? value}
        onChange={(event) => type(event.target.value.trim())}
        onKeyDown={onKeyDown}
        onBlur={() => setTyped(null)}
      />
      <StepButton label={`One more: ${label}`} atEnd={value >= most} onStep={() => step(1)}>
        +
      </StepButton>
    </div>
  );
}

type StepButtonProps = { label: string; atEnd: boolean; onStep: () => void; children: string };

/** Not disabled at its end, which would take the focus away from it. */
function StepButton({ label, atEnd, onStep, children }: StepButtonProps) {
  return (
    <button type="button" aria-label={label} aria-disabled={atEnd} onClick={onStep}>
      {children}
    </button>
  );
}

import { useId } from "react";

type QuantityFieldProps = {
  label: string;
  value: number;
  most: number;
  onChange: (quantity: number) => void;
};

/** How many: type it, or step. Never below one or above `most`. */
export function QuantityField({ label, value, most, onChange }: QuantityFieldProps) {
  const id = useId();
  const set = (quantity: number) => {
    if (Number.isInteger(quantity)) onChange(Math.max(1, Math.min(quantity, most)));
  };
  return (
    <div className="quantity">
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <button
        type="button"
        aria-label={`One less: ${label}`}
        disabled={value <= 1}
        onClick={() => set(value - 1)}
      >
        −
      </button>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={1}
        max={most}
        value={value}
        onChange={(event) => set(event.target.valueAsNumber)}
      />
      <button
        type="button"
        aria-label={`One more: ${label}`}
        disabled={value >= most}
        onClick={() => set(value + 1)}
      >
        +
      </button>
    </div>
  );
}

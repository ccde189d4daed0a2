import type { MouseEvent, ReactNode } from "react";

type LinkButtonProps = {
  label?: string;
  onClick: (event: MouseEvent) => void;
  children: ReactNode;
};

/** A button in a line of text. `label` says more than its words, to who can't see what is around it. */
export function LinkButton({ label, onClick, children }: LinkButtonProps) {
  return (
    <button type="button" className="link-button" aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}

import type { MouseEvent, ReactNode, Ref } from "react";

type LinkButtonProps = {
  label?: string;
  ref?: Ref<HTMLButtonElement>;
  onClick: (event: MouseEvent) => void;
  children: ReactNode;
};

/** A button in a line of text. `label` says more than its words, to who can't see what is around it. */
export function LinkButton({ label, ref, onClick, children }: LinkButtonProps) {
  return (
    <button ref={ref} type="button" className="link-button" aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}

import { OrderAgain } from "./order-again";
import type { Order } from "./orders";
import { type Step, stepsOf } from "./steps";
import { Time } from "./time";

/** How far the order is, step by step. */
export function Timeline({ order }: { order: Order }) {
  const steps = stepsOf(order);
  return (
    <ol className="timeline">
      {steps.map((step, index) => (
        <li
          key={step.title}
          className={`step ${step.state}`}
          aria-current={step.state === "now" ? "step" : undefined}
        >
          <Mark state={step.state} />
          <p className="step-title">
            <span className="visually-hidden">{IN_WORDS[step.state]}</span>
            {step.title}
          </p>
          <p className="step-time">
            {step.at && <Time at={step.at} after={steps[index - 1]?.at} precise />}
            {!step.at && step.state === "now" && "In progress"}
          </p>
          {step.ends && <OrderAgain order={order} />}
        </li>
      ))}
    </ol>
  );
}

const IN_WORDS: Record<Step["state"], string> = {
  done: "Done: ",
  now: "In progress: ",
  next: "Still to come: ",
  stopped: "Stopped: ",
};

/** A tick, a cross, a beating dot, or an empty ring. */
export function Mark({ state }: { state: Step["state"] }) {
  return (
    <svg className={`mark ${state}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle className="ring" cx="12" cy="12" r="10" />
      {state === "now" && <circle className="dot" cx="12" cy="12" r="5" />}
      {state === "done" && <path d="m7.5 12.5 3 3 6-7" />}
      {state === "stopped" && <path d="m8.5 8.5 7 7m0-7-7 7" />}
    </svg>
  );
}

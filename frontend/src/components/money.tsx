import { formatMoney, type Money as Amount } from "../money";

export function Money({ value }: { value: Amount }) {
  return <span className="money">{formatMoney(value)}</span>;
}

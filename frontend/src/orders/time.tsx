type TimeProps = { at: string; after?: string | undefined; precise?: boolean };

/**
 * A moment in the reader's language and time zone. Beside `after`, an earlier moment of the same
 * day, the day is left out. `precise` shows seconds.
 */
export function Time({ at, after, precise = false }: TimeProps) {
  const moment = new Date(at);
  const timeStyle = precise ? "medium" : "short";
  const sameDay = after !== undefined && new Date(after).toDateString() === moment.toDateString();
  const format = new Intl.DateTimeFormat(undefined, sameDay ? { timeStyle } : { dateStyle: "medium", timeStyle });
  return (
    <time dateTime={at} title={moment.toString()}>
      {format.format(moment)}
    </time>
  );
}

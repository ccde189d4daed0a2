import { Empty } from "./empty";
import { Page } from "./page";

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Empty title="There is nothing at this address.">
        <p>The link may be old, or a letter may be missing.</p>
      </Empty>
    </Page>
  );
}

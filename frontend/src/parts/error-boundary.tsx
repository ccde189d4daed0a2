import { Component, type ReactNode } from "react";

type Props = { children: ReactNode };

/** The last resort: a page that failed says so and offers the way out. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="page">
        <h1>Something went wrong</h1>
        <p>Your basket and your orders are safe.</p>
        <button type="button" className="button primary" onClick={() => window.location.reload()}>
          Load the page again
        </button>
      </main>
    );
  }
}

import { Component, type ComponentType, type ReactNode } from "react";
import { useLocation } from "wouter";

export type Failed = { error: unknown; retry: () => void };
type Props = { children: ReactNode; fallback: ComponentType<Failed> };
type State = { path: string; error?: unknown };

/** Shows its fallback instead of what failed, until the customer goes elsewhere or it is retried. */
export function ErrorBoundary(props: Props) {
  const [path] = useLocation();
  return <Boundary {...props} path={path} />;
}

class Boundary extends Component<Props & { path: string }, State> {
  override state: State = { path: this.props.path };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ path }: { path: string }, state: State): State | null {
    return path === state.path ? null : { path, error: undefined };
  }

  override render(): ReactNode {
    const { children, fallback: Fallback } = this.props;
    const { error } = this.state;
    return error === undefined ? children : <Fallback error={error} retry={this.retry} />;
  }

  readonly retry = () => this.setState({ error: undefined });
}

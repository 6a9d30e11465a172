import { Component, type ErrorInfo, type ReactNode } from 'react';
import { CrashScreen } from './crash-screen.tsx';

export interface CrashBoundaryProps {
  /** Told of the error, for the console. */
  readonly onError?: ((error: unknown, info: ErrorInfo) => void) | undefined;
  /** What to show instead; by default the whole window's crash screen. */
  readonly renderFallback?: ((reset: () => void) => ReactNode) | undefined;
  readonly children: ReactNode;
}

/** Catches what a screen throws while it draws, and shows a screen that says so. React has no other way than a class. */
export class CrashBoundary extends Component<CrashBoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onError?.(error, info);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    const reset = () => this.setState({ error: null });
    return this.props.renderFallback ? this.props.renderFallback(reset) : <CrashScreen error={this.state.error} />;
  }
}

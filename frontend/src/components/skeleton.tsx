type SkeletonProps = { className?: string };

/** A grey shape where something is about to be. */
export function Skeleton({ className = "" }: SkeletonProps) {
  return <span className={`skeleton ${className}`} aria-hidden="true" />;
}

/** A page whose code or data is on the way. */
export function PageSkeleton() {
  return (
    <div className="page" aria-busy="true">
      <p className="visually-hidden">Loading</p>
      <Skeleton className="skeleton-heading" />
      <Skeleton className="skeleton-block" />
    </div>
  );
}

/** A bar per value, filling the available width. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}) {
  const max = Math.max(1, ...values);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${values.length} 100`}
      preserveAspectRatio="none"
      className="size-full fill-bar"
    >
      {values.map((value, index) => {
        // Every value above zero is visible.
        const height = value === 0 ? 0 : Math.max(3, (100 * value) / max);
        // oxlint-disable-next-line react/no-array-index-key -- a bar is identified by its position
        return <rect key={index} x={index + 0.08} width={0.84} y={100 - height} height={height} />;
      })}
    </svg>
  );
}

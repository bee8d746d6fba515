/** The tones of states and messages. Never the only indication of a state. */
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** Text, tint and border classes of each tone; the text meets WCAG AA on its own tint. */
export const TONE_CLASS: Readonly<Record<Tone, string>> = {
  neutral: 'text-neutral bg-neutral-tint border-neutral-line',
  info: 'text-info bg-info-tint border-info-line',
  success: 'text-success bg-success-tint border-success-line',
  warning: 'text-warning bg-warning-tint border-warning-line',
  danger: 'text-danger bg-danger-tint border-danger-line',
};

import { DAY_MS } from '../activity-calendar.ts';
import type { Act, Metadata } from '../demo-event.ts';
import type { MachineScene, Step } from '../scene.ts';

const CUSTOMERS = [
  'Björk & Söhne GmbH',
  'Café Olé, S.A.',
  '株式会社みらい',
  'ООО «Ромашка»',
  'Northwind "Retail" Inc.',
  'شركة النيل للتجارة',
];

/** Paid at once, or declined and paid with the next try two days later. */
export function invoice({ random }: MachineScene): Step[] {
  const id = `inv_${random.hex(10)}`;
  const customer = { id: `cus_${random.hex(8)}`, name: random.pick(CUSTOMERS) };
  const amount = {
    cents: random.small(2_900, 4_800_000),
    currency: random.pick(['USD', 'EUR', 'JPY']),
  };
  const act = (action: string, metadata: Metadata): Act => ({
    category: 'billing',
    action,
    resource: { type: 'invoice', id },
    metadata: { customer, amount, ...metadata },
  });
  const paid = act('invoice.paid', { method: random.pick(['card', 'sepa_debit', 'wire']) });
  if (random.chance(0.87)) return [{ afterMs: 0, act: paid }];
  const declined = { code: random.pick(['card_declined', 'insufficient_funds', 'expired_card']) };
  const failed = act('invoice.failed', { declined, attempt: 1, nextTryInDays: 2 });
  return [
    { afterMs: 0, act: failed },
    { afterMs: 2 * DAY_MS, act: paid },
  ];
}

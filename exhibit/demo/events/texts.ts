/**
 * Realistic titles. Some are difficult to export: formula characters at the start, quotes, line breaks, commas,
 * right-to-left text, emoji.
 */
export const DOCUMENT_TITLES = [
  'Onboarding checklist',
  'Preisliste für Großkunden',
  'Q3 roadmap: search, exports, billing',
  '=SUM(B2:B9) pricing model, final',
  'Runbook: failover of the primary database',
  'خطة التوسع في الشرق الأوسط',
  'Résumé des entretiens clients',
  'Ponto de situação – integração São Paulo',
  '採用計画 2026年度',
  'The "real" org chart',
  'Справочник по миграции данных',
  'Release notes 🚀',
  'Data processing agreement (signed)',
  'Vendor review, penetration test',
  '客户成功案例集',
  '-10% discount policy',
  'Årsredovisning, utkast',
  'Support macros\nand canned answers',
  'ग्राहक सहायता मार्गदर्शिका',
  'Board deck, appendix C',
  '고객 지원 지침서',
  '@everyone: office move, what to pack',
  'Incident review template',
  'Περίληψη συμβολαίων',
  'Übergabe Bereitschaft KW 14',
  'سياسة الخصوصية – النسخة النهائية',
  'Capacity plan, Postgres and object storage',
  'Customer list; export for renewal calls',
  '+49 support hotline script',
  'SOC 2 evidence, access reviews',
  'Plán nasazení, část 2',
  'Retro notes 🧯🔥',
  '議事録:週次エンジニアリング',
  'Travel policy',
  "Finance 'cheat sheet'",
  'Threat model: public API',
] as const;

export const SECURITY_TITLES = [
  'Key ceremony minutes',
  'Threat model: public API',
  'Access review, all admins',
  'Root credentials: break-glass procedure',
  'Customer list; export for renewal calls',
  'SOC 2 evidence, access reviews',
  'Liste der Ausnahmen von der MFA-Pflicht',
  'Penetration test report, unredacted',
  'インシデント対応手順書',
  'SIEM forwarding, how it is wired',
] as const;

/** Comments and notes. Two of them are long, like pasted emails. */
export const REMARKS = [
  'Looks good to me.',
  'Can we say "up to 30 days" here instead?',
  'Bitte noch die Zahlen für März nachtragen, danke!',
  'ממתין לאישור המשפטי',
  '数字は先週のものです。更新してください。',
  'C:\\exports\\final\\v2 is the one to use',
  'Merci, c’est beaucoup plus clair.',
  'Quoting the customer:\n> "We need every event,\n> not most of them."\nAgreed, adding it to the requirements.',
  `Forwarding the whole thread so that it is in one place. ${'The customer asked whether deleted records stay in the audit log (they do), for how long, and who can see them. '.repeat(5)}Please answer by Friday.`,
  `Summary of the call:\n${'\t- open point; owner to be named; no date yet\n'.repeat(12)}`,
] as const;

export const QUERIES = [
  "select plan, count(*) from customers where status = 'active' group by plan",
  'select * from "usage_events" where day >= current_date - 7 limit 1000',
  "select email from customers where name ilike '%müller%'",
  'select sum(amount_cents) / 100.0 as "Umsatz €"\nfrom invoices\nwhere paid_at is not null',
] as const;

export const CUSTOMERS = [
  'Björk & Söhne GmbH',
  'Café Olé, S.A.',
  '株式会社みらい',
  'ООО «Ромашка»',
  'Northwind "Retail" Inc.',
  'شركة النيل للتجارة',
] as const;

export const WEBHOOK_FAILURES = [
  { status: 502, error: 'Bad Gateway' },
  { status: 503, error: 'upstream said: "try later"\n<html><body>maintenance</body></html>' },
  { status: 0, error: 'getaddrinfo ENOTFOUND' },
  { status: 401, error: 'signature mismatch' },
] as const;

/** Mailboxes of invited guests. */
export const GUESTS = [
  'anna',
  'pawel',
  'dmitri',
  'yui',
  'claire',
  'hugo',
  'zsófia',
  'thảo',
  'ömer',
];

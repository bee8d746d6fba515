/** Strings an attacker might send to run code in another user's browser; each would set `window.__ran`. */
export const HOSTILE: readonly string[] = [
  '<script>window.__ran=1</script>',
  '<img src=x onerror=window.__ran=1>',
  '"><svg/onload=window.__ran=1>',
  "'-(window.__ran=1)-'",
  '</script><script>window.__ran=1</script>',
  '</title></style></textarea></noscript><img src=x onerror="window.__ran=1">',
  'javascript:window.__ran=1',
  ' \tjAvA\tScRiPt:window.__ran=1//%0aalert()',
  'data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19yYW49MTwvc2NyaXB0Pg==window.__ran',
  '<iframe srcdoc="<script>parent.window.__ran=1</script>">',
  '<a href="javascript:window.__ran=1" autofocus onfocus=window.__ran=1 tabindex=1>x</a>',
  '<base href="https://elsewhere.invalid/"><form action="https://elsewhere.invalid/window.__ran">',
  '<style>@import "https://elsewhere.invalid/window.__ran";</style>',
  '<link rel=stylesheet href=https://elsewhere.invalid/window.__ran><meta http-equiv=refresh content="0;url=https://elsewhere.invalid">',
  '<math><mi//xlink:href="data:x,<script>window.__ran=1</script>">',
  '{{constructor.constructor("window.__ran=1")()}}${window.__ran=1}<%= window.__ran=1 %>',
  '//elsewhere.invalid/window.__ran',
  'https://elsewhere.invalid/?window.__ran',
  '<details open ontoggle=window.__ran=1><summary>x</summary></details>',
  '__proto__ window.__ran',
  '\u202e<script>window.__ran=1</script>\u2028\u2029\ufeff',
  '=HYPERLINK("https://elsewhere.invalid/window.__ran","x")',
];

/** A short unique name for each string, where names must differ. */
export function markOf(text: string): string {
  return `h${HOSTILE.indexOf(text)}`;
}

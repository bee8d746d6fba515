// Before the first paint, so that a dark page never flashes white. The choice is written by shell/theme.ts.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('exhibit.theme') ?? 'system';
  } catch {
    // Storage may be off: the system's theme then.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();

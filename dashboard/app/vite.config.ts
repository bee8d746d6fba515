import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The web app, built into dist/ by bff/web-app/build-web-app.ts. `npx vite dashboard/app` serves it with hot
 * reload; it then hands /api to a dashboard that runs beside (DASHBOARD_URL).
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    sourcemap: false,
    // From it the server knows what each page needs (bff/web-app/page-preloads.ts).
    manifest: true,
    // Every asset is a file of its own: data: URLs of scripts and fonts are not in the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      // Not the app's own folder api/, whose modules have the same beginning.
      '^/api/(?!.*\\.tsx?(?:\\?|$))': {
        target: process.env['DASHBOARD_URL'] ?? 'http://127.0.0.1:4610',
        configure: (proxy) => {
          // It would be another site's to the dashboard, which then refuses.
          proxy.on('proxyReq', (request) => request.removeHeader('origin'));
        },
      },
    },
  },
});

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The web app, built into dist/ by bff/web-app/build-web-app.ts. `npx vite dashboard/app` serves it with hot reload
 * and proxies /api to a running dashboard (DASHBOARD_URL).
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    sourcemap: false,
    // The server uses it to preload each page's modules (bff/web-app/page-preloads.ts).
    manifest: true,
    // Never inline assets: the CSP does not allow data: URLs for scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      // Exclude the modules of the app's own folder api/, whose paths also start with /api/.
      '^/api/(?!.*\\.tsx?(?:\\?|$))': {
        target: process.env['DASHBOARD_URL'] ?? 'http://127.0.0.1:4610',
        configure: (proxy) => {
          // The dashboard would reject the dev server's Origin as another site.
          proxy.on('proxyReq', (request) => request.removeHeader('origin'));
        },
      },
    },
  },
});

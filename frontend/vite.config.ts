import { defineConfig } from "vite";

// Fixed names, because Django's templates name them; what both entries share gets a hashed name.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/leansoft/web/static/leansoft/build",
    emptyOutDir: true,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox128", "safari17.5"],
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: { calendar: "src/calendar.ts", pages: "src/pages.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css"))
            ? "app.css"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
});

import js from "@eslint/js";
import globals from "globals";

const markup = "Build elements with el() of dom.js: the pages run under Trusted Types with no policy.";

/** @type {import("eslint").Linter.Config[]} */
export default [
  { ignores: ["**/node_modules/**"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-console": "off",
      "no-else-return": "error",
      "object-shorthand": "error",
    },
  },
  {
    files: ["**/frontend/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-console": "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 70],
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "srcdoc"].map((property) => ({
          property,
          message: markup,
        })),
        { object: "document", property: "write", message: markup },
        { object: "document", property: "cookie", message: "The pages keep what they need in session storage." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^(on.*|style)$/]",
          message: "The content security policy forbids inline handlers and styles: use addEventListener and a class.",
        },
        {
          selector: "CallExpression[callee.name='addEventListener'][arguments.0.value=/^(before)?unload$/]",
          message: "Keeps the page out of the back/forward cache: use pagehide.",
        },
      ],
    },
  },
  {
    files: ["**/tests/browser/**/*.js", "**/contracts/**/*.mjs"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];

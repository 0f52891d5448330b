/** @type {import("stylelint").Config} */
export default {
  extends: ["stylelint-config-standard"],
  reportNeedlessDisables: true,
  rules: {
    "no-descending-specificity": null,
    "declaration-no-important": [true, { severity: "error" }],
    "function-url-no-scheme-relative": true,
    "function-url-scheme-allowed-list": [],
    "at-rule-disallowed-list": ["import", "font-face"],
  },
};

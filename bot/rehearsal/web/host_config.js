// How cards look: close to Teams, with every text colour at AA contrast.

const words = {
  default: { default: "#242424", subtle: "#5c5c5c" },
  dark: { default: "#1b1b1b", subtle: "#4a4a4a" },
  light: { default: "#5c5c5c", subtle: "#5c5c5c" },
  accent: { default: "#444791", subtle: "#4f52b2" },
  attention: { default: "#a4262c", subtle: "#a4262c" },
  good: { default: "#175c36", subtle: "#175c36" },
  warning: { default: "#6f4c00", subtle: "#6f4c00" },
};

const style = (backgroundColor, borderColor) => ({ backgroundColor, borderColor, foregroundColors: words });

const font = (fontFamily) => ({
  fontFamily,
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 22 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
});

export const hostConfigJson = {
  supportsInteractivity: true,
  spacing: { small: 6, default: 10, medium: 16, large: 22, extraLarge: 30, padding: 14 },
  separator: { lineThickness: 1, lineColor: "#e0e0e0" },
  fontTypes: {
    default: font("'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', Arial, sans-serif"),
    monospace: font("Consolas, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace"),
  },
  lineHeights: { small: 17, default: 20, medium: 22, large: 25, extraLarge: 29 },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: style("#ffffff", "#e0e0e0"),
    emphasis: style("#f3f3f6", "#e0e0e0"),
    accent: style("#eceefb", "#c5c8ee"),
    good: style("#e9f5ee", "#b5d9c3"),
    attention: style("#fdf0f1", "#eec3c6"),
    warning: style("#fdf5df", "#ecd79b"),
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { color: "attention", weight: "bolder", spacing: "small" },
  },
  actions: {
    maxActions: 6,
    spacing: "medium",
    buttonSpacing: 8,
    iconSize: 16,
    allowTitleToWrap: true,
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    actionsOrientation: "horizontal",
    actionAlignment: "left",
  },
  adaptiveCard: { allowCustomStyle: true },
  imageSet: { imageSize: "medium", maxImageHeight: 100 },
  factSet: {
    title: { weight: "bolder", wrap: true, maxWidth: 170 },
    value: { wrap: true },
    spacing: 12,
  },
  textBlock: { headingLevel: 3 },
};

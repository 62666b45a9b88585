// Colour theme: light, dark, or that of the system.

const KEY = 'nsmon.theme';
const WORDS = {
  auto: ['◐', 'as the system has them'],
  light: ['☀', 'light'],
  dark: ['☾', 'dark'],
} as const;
type Theme = keyof typeof WORDS;
const NEXT: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };

/** @param changed called after the colours have changed, and once at the start */
export function startTheme(button: HTMLElement, changed: () => void): void {
  const stored = localStorage.getItem(KEY);
  let theme: Theme = stored === 'light' || stored === 'dark' ? stored : 'auto';
  const show = () => {
    const [sign, words] = WORDS[theme];
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    button.textContent = sign;
    button.title = `Colours: ${words}`;
    button.setAttribute('aria-label', button.title);
    changed();
  };
  button.addEventListener('click', () => {
    theme = NEXT[theme];
    localStorage.setItem(KEY, theme);
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  show();
}

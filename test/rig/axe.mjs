// @ts-check
/** Accessibility rules, checked inside a webview. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * The violations of WCAG 2.1 A and AA and of best practice, one line each: compare with [].
 * @param {import('@playwright/test').Frame} frame
 * @param {{ disable?: string[] }} [options] rules to leave out
 * @returns {Promise<string[]>}
 */
export async function axeViolations(frame, { disable = [] } = {}) {
  // Evaluated through the debugger, so the page's content security policy does not forbid it.
  await frame.evaluate(source);
  return frame.evaluate(async (disabled) => {
    const { axe } = /** @type {{ axe: typeof import('axe-core') }} */ (/** @type {unknown} */ (globalThis));
    const results = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
      rules: Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }])),
    });
    return results.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target.join(' ')} (${node.failureSummary ?? ''})`.replaceAll('\n', ' ')));
  }, disable);
}

// @ts-check
/**
 * What only a real browser can tell: that hostile text stays text, that following the end stops and starts as it
 * should, and what a fast stream costs.
 */
import { chromium } from '@playwright/test';
import { chromiumFlags, ensureChromium } from '../../scripts/lib/chromium.mjs';
import { bundle, openView, post } from './page.mjs';
import { chat, thinking, thought, turn } from './states.mjs';

await bundle();
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags });
let failures = 0;

/** @param {string} what @param {boolean} holds @param {unknown} [detail] */
function check(what, holds, detail) {
  process.stdout.write(`${holds ? 'ok' : 'FAILED'}  ${what}${detail === undefined ? '' : `  ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`}\n`);
  if (!holds) failures += 1;
}

await hostileText();
await mentionAndUndo();
await following();
await frames();
await thoughtFrames();
await browser.close();
process.exitCode = failures > 0 ? 1 : 0;

async function hostileText() {
  const attacks = [
    '<script>window.owned=1</script><img src=x onerror="window.owned=1"><svg onload="window.owned=1">',
    '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
    '[x](javascript:window.owned=1) [x](command:x) [x](data:text/html,x) ![x](http://view.test/x.png)',
    '$\\text{<img src=x onerror=window.owned=1>}$ $\\href{javascript:window.owned=1}{x}$ $</math><img src=x onerror=window.owned=1>$',
    '\\boxed{</mrow></math><style><img src onerror=window.owned=1></style>}',
    '$$\\text{</mtext><mglyph><style><!--</style><img title="--><img src=1 onerror=window.owned=1>">}$$',
    '```html\n<img src=x onerror=window.owned=1></code></pre><script>window.owned=1</script>\n```',
  ];
  const { page, problems, close } = await openView(browser, { view: 'chat', theme: 'dark', width: 360, height: 700 });
  /** @type {string[]} */
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await post(page, [chat({ turns: attacks.map((answer, index) => turn({ id: `a${index}`, status: 'done', answer })) })]);
  const links = await page.locator('.block a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  check('links lead to the web alone', links.every((href) => /^(https?:|mailto:)/.test(href)), links);
  const owned = await page.evaluate(() => /** @type {any} */ (window).owned);
  const strangers = await page.evaluate(() => document.querySelectorAll('.block :is(script, img, iframe, svg, style, form, [onerror], [onload], [style], [src])').length);
  check('hostile text stays text', owned === undefined && strangers === 0, { strangers });
  check('hostile text loads nothing', requests.every((url) => url.startsWith('http://view.test/x.png') === false), requests);
  check('nothing ran against the policy', problems.length === 0, problems);
  await close();
}

async function following() {
  const long = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}.`).join('\n\n');
  const { page, close } = await openView(browser, { view: 'chat', theme: 'dark', width: 360, height: 500 });
  await post(page, [chat({ turns: [turn({ id: 'w', status: 'writing', answer: long })] })]);
  const rest = () => page.locator('.log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  check('starts at the end', (await rest()) < 2, await rest());
  await post(page, [{ type: 'append', turnId: 'w', text: '\n\nMore.\n\nAnd more.\n\nAnd more.' }]);
  check('follows the end', (await rest()) < 2, await rest());
  await page.getByRole('log').hover();
  await page.mouse.wheel(0, -40);
  await page.waitForTimeout(150);
  const before = await page.locator('.log').evaluate((log) => log.scrollTop);
  await post(page, [{ type: 'append', turnId: 'w', text: '\n\nMore.\n\nAnd more.\n\nAnd more.' }]);
  check('stays where the reader scrolled', (await page.locator('.log').evaluate((log) => log.scrollTop)) === before);
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await page.waitForTimeout(100);
  check('jumps to the end', (await rest()) < 2 && (await page.getByRole('button', { name: 'Jump to latest' }).count()) === 0);
  await page.mouse.wheel(0, -400);
  await page.waitForTimeout(150);
  await post(page, [{ type: 'turn', turn: turn({ id: 'n', question: 'Next', status: 'reading' }) }]);
  check('goes to a new question', (await rest()) < 2, await rest());
  await post(page, [{ type: 'reveal', turnId: 'w' }]);
  check('scrolls to an answer', (await page.locator('.log').evaluate((log) => log.scrollTop)) < 20);
  await close();
}

async function mentionAndUndo() {
  const { page, close } = await openView(browser, { view: 'chat', theme: 'dark', width: 360, height: 500 });
  await post(page, [chat({})]);
  const field = page.getByRole('textbox', { name: 'Question' });
  await field.pressSequentially('See  now');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('@st');
  const item = { id: 'a', kind: 'file', label: 'stream.ts', matches: [0, 1], insert: 'stream.ts' };
  await page.waitForTimeout(100);
  const asked = await page.evaluate(() => /** @type {any} */ (window).sent.filter((/** @type {any} */ request) => request.type === 'mention').at(-1));
  check('what follows @ is asked for', asked?.query === 'st', asked);
  await post(page, [{ type: 'mentions', query: 'st', groups: [{ title: 'Files', items: [item] }], tokensLeft: 16_000 }]);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(100);
  const caret = await field.evaluate((element) => /** @type {HTMLTextAreaElement} */ (element).selectionStart);
  check('a file takes the place of its query, the caret behind it', (await field.inputValue()) === 'See stream.ts now' && caret === 13, { text: await field.inputValue(), caret });
  await page.keyboard.press('Control+z');
  check('undo takes that back', (await field.inputValue()) === 'See @st now', await field.inputValue());
  await page.keyboard.press('Control+z');
  check('and then what was typed before', (await field.inputValue()).length < 'See @st now'.length, await field.inputValue());
  await close();
}

/** About 2,000 tokens of what a model writes: text, lists, code, a table, formulas. */
function longAnswer() {
  const part = (/** @type {number} */ n) => `## Step ${n}\n\nThe reader is **aborted** before \`decode()\` has flushed, so the last bytes $b_{${n}}$ are lost; see [the docs](https://example.com/${n}).\n\n- first, wait for the loop\n- then flush the decoder\n- and emit what is left\n\n\`\`\`ts\nexport async function read${n}(body: AsyncIterable<Uint8Array>): Promise<string> {\n  const decoder = new TextDecoder();\n  let text = '';\n  for await (const chunk of body) {\n    text += decoder.decode(chunk, { stream: true }); // may end inside of a character\n  }\n  return text + decoder.decode();\n}\n\`\`\`\n\n| case | bytes |\n|--|--:|\n| ascii | ${n} |\n| cjk | ${3 * n} |\n\n$$\\sum_{k=1}^{${n}} k = \\frac{${n}(${n}+1)}{2}$$\n\n`;
  return Array.from({ length: 12 }, (_, index) => part(index + 1)).join('');
}

/**
 * Plays a stream of tokens at 300 a second and counts frames in each second.
 * @param {import('@playwright/test').Page} page
 * @param {{ text: string, target: string }} stream
 */
function play(page, stream) {
  return page.evaluate(async ({ text, target }) => {
    const tokens = text.match(/\s*\S{1,5}/g) ?? [];
    /** @type {number[]} */
    const at = [];
    let running = true;
    const tick = (/** @type {number} */ now) => {
      at.push(now);
      if (running) window.requestAnimationFrame(tick);
    };
    window.requestAnimationFrame(tick);
    const start = performance.now();
    let sent = 0;
    while (sent < tokens.length) {
      await new Promise((resolve) => setTimeout(resolve, 16));
      const due = Math.min(tokens.length, Math.floor((performance.now() - start) * 0.3));
      if (due > sent) window.postMessage({ type: 'append', turnId: target, text: tokens.slice(sent, due).join('') }, '*');
      sent = due;
    }
    const seconds = (performance.now() - start) / 1000;
    running = false;
    const gaps = at.slice(1).map((now, index) => now - (at[index] ?? now)).sort((a, b) => a - b);
    /** @type {Map<number, number>} */
    const perSecond = new Map();
    for (const now of at) perSecond.set(Math.floor((now - start) / 1000), (perSecond.get(Math.floor((now - start) / 1000)) ?? 0) + 1);
    const whole = [...perSecond].filter(([second]) => second >= 0 && second < Math.floor(seconds)).map(([, count]) => count);
    return {
      tokens: tokens.length,
      seconds: Math.round(seconds * 10) / 10,
      mean: Math.round(at.length / seconds),
      lowest: Math.min(...whole),
      p99ms: Math.round(gaps[Math.floor(gaps.length * 0.99)] ?? 0),
      longestMs: Math.round(gaps.at(-1) ?? 0),
    };
  }, stream);
}

/**
 * Where the page's main thread spends its time, in percent of the time that passes.
 * @param {import('@playwright/test').Page} page
 */
async function spending(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const now = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const before = await now();
  return async () => {
    const after = await now();
    const share = (/** @type {string} */ name) => Math.round((((after[name] ?? 0) - (before[name] ?? 0)) / ((after['Timestamp'] ?? 0) - (before['Timestamp'] ?? 0))) * 100);
    return { script: share('ScriptDuration'), style: share('RecalcStyleDuration'), layout: share('LayoutDuration'), all: share('TaskDuration') };
  };
}

async function frames() {
  const { page, close } = await openView(browser, { view: 'chat', theme: 'dark', width: 360, height: 800, reducedMotion: false, scale: 1 });
  const text = longAnswer();
  await post(page, [chat({ turns: [turn({ id: 'old', status: 'done', answer: text }), turn({ id: 's', status: 'writing' })] })]);
  const spent = await spending(page);
  const result = { ...(await play(page, { text, target: 's' })), ...(await spent()) };
  // Frames suffer when the machine is busy otherwise; the time of the page's own thread does not.
  check('an answer at 300 tokens/s takes less than a third of the main thread', result.all < 33, result);
  await post(page, []);
  const shown = await page.locator('[data-turn="s"] .markdown').innerText();
  check('and is shown to its end', shown.includes('Step 12'));
  await close();
}

async function thoughtFrames() {
  const { page, close } = await openView(browser, { view: 'thinking', theme: 'dark', width: 360, height: 800, reducedMotion: false, scale: 1 });
  const sentence = 'So an abort leaves the loop by throwing, and `decode()` never runs. But wait, the caller may wait for it. ';
  const text = Array.from({ length: 120 }, () => sentence.repeat(2)).join('\n\n');
  const steps = Array.from({ length: 120 }, (_, index) => ({ start: index * (sentence.length * 2 + 2), ms: index * 500 }));
  await post(page, [thinking({ thoughts: [thought({ turnId: 's', text, steps, tokens: 5000 })] })]);
  const spent = await spending(page);
  const result = { ...(await play(page, { text: sentence.repeat(60), target: 's' })), ...(await spent()) };
  check('a thought at 300 tokens/s takes less than a third of the main thread', result.all < 33, result);
  await close();
}

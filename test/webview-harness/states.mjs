// @ts-check
/** What the views are shown in: one entry for each state a user can meet. */

/** @typedef {import('../../src/protocol/webview.ts').ChatState} ChatState */
/** @typedef {import('../../src/protocol/webview.ts').TurnState} TurnState */
/** @typedef {import('../../src/protocol/webview.ts').ThoughtState} ThoughtState */
/** @typedef {import('../../src/protocol/webview.ts').ThinkingState} ThinkingState */
/** @typedef {import('@playwright/test').Page} Page */
/**
 * @typedef {object} Scene
 * @property {string} name
 * @property {'chat' | 'thinking'} view
 * @property {readonly unknown[]} messages
 * @property {number} [height]
 * @property {(page: Page) => Promise<void>} [then]
 */

/** @type {import('../../src/protocol/webview.ts').ModelState} */
export const model = {
  name: 'Qwen3-4B',
  quantisation: 'Q4_K_M',
  thinking: 'hybrid',
  placement: '36/36 layers on the GPU',
  contextSize: 32_768,
  demo: false,
};

const code = `try {
  for await (const b of body) {
    emit(dec.decode(b, { stream: true })); // a comment that is rather long
  }
} finally {
  const rest = dec.decode();
  if (rest) emit(rest);
}`;

const stats = { tokens: 214, tokensPerSecond: 38.2, firstTokenMs: 640, model: 'Qwen3-4B' };

/** @type {TurnState} */
export const first = {
  id: 't1',
  question: 'Why does Stop lose the last chunk?',
  files: [
    { path: 'src/server/stream.ts', tokens: 1180 },
    { path: 'src/webview/chatView.ts', tokens: 310 },
  ],
  status: 'done',
  thought: { ms: 12_300, tokens: 503 },
  answer: `Stop aborts the read, so the loop exits before the decoder is flushed and its last bytes are lost.\n\nFlush it in \`finally\`, which runs on **both** paths:\n\n\`\`\`ts src/server/stream.ts\n${code}\n\`\`\`\n\n- \`decode()\` with no argument flushes.\n- Send \`rest\` before \`onDone\` closes the view.`,
  toolCalls: [],
  stats,
};

/** @type {TurnState} */
export const writing = {
  id: 't2',
  question: 'Add a test for it',
  files: [],
  status: 'writing',
  thought: { ms: 4100, tokens: 90 },
  answer: 'It goes next to the abort tests in `stream.test.ts`. It splits a two-byte character',
  toolCalls: [],
  stats: { tokens: 34, tokensPerSecond: 41.4, firstTokenMs: 400, model: 'Qwen3-4B' },
};

/** @param {Partial<TurnState>} changes @returns {TurnState} */
export function turn(changes) {
  return { id: 'x', question: 'Which other files in src read them?', files: [{ path: 'src', tokens: 24_400 }], status: 'reading', answer: '', toolCalls: [], ...changes };
}

/** @param {Partial<ChatState>} [changes] @returns {{ type: 'state', state: ChatState }} */
export function chat(changes) {
  return {
    type: 'state',
    state: {
      conversationId: 'c1',
      title: 'Lost last chunk',
      turns: [],
      engine: { kind: 'ready', model },
      thinking: { mode: 'auto', budget: 4096 },
      context: { chips: [], offers: [], leftOut: [] },
      window: { used: 12_380, cached: 11_070, size: 32_768 },
      tokensPerSecond: 43,
      starters: [
        { icon: 'comment-discussion', text: 'Explain stream.ts' },
        { icon: 'warning', text: 'Fix 3 problems in stream.ts' },
        { icon: 'git-compare', text: 'Review uncommitted changes' },
        { icon: 'beaker', text: 'Write tests for lines 48–71' },
      ],
      ...changes,
    },
  };
}

export const settings = turn({
  id: 's1',
  question: 'Where are settings read at start-up?',
  files: [],
  status: 'done',
  thought: { ms: 3000, tokens: 40 },
  answer: '`loadSettings()` in `src/config.ts` runs once, before the server starts. Workspace values override user values.',
  stats: { ...stats, tokens: 61, tokensPerSecond: 44 },
});

const rich = `# Binary search\n\nThe number of steps is $\\lceil \\log_2 n \\rceil$, so for $n = 10^6$ it is **20**. It costs $5 and $6 more.\n\n## Steps\n\n1. Take the middle $m = \\lfloor (a+b)/2 \\rfloor$.\n2. Compare:\n   - smaller: go left\n   - larger: go right\n\n   \`\`\`python\n   while a < b:\n       m = (a + b) // 2\n   \`\`\`\n3. Repeat.\n\n$$\n\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}\n$$\n\n\\begin{align}\nT(n) &= T(n/2) + c \\\\\n     &= O(\\log n)\n\\end{align}\n\n> A quote with \`code\` and a [link](https://example.com/a?b=c).\n\n| Case | Comparisons | Note |\n|:--|--:|:-:|\n| best | 1 | the middle |\n| worst | $\\log_2 n$ | at an end, which takes the longest of all |\n\n---\n\nThe answer is \\boxed{20}. ![A picture](https://example.com/p.png)\n\n\`\`\`\nplain text, no language, with a line that is so long that it has to scroll sideways in any view\n\`\`\`\n\n\`\`\`json\n{ "name": "ponder", "size": 12.5, "ok": true, "none": null }\n\`\`\``;

/** @param {Page} page */
const openMenu = async (page) => {
  await page.getByRole('button', { name: /^Thinking:/ }).click();
  await page.waitForTimeout(150);
};

/** @type {Scene[]} */
export const chatScenes = [
  { name: 'empty-ready', view: 'chat', messages: [chat({ window: { used: 420, cached: 420, size: 32_768 } })] },
  { name: 'empty-idle', view: 'chat', messages: [chat({ engine: { kind: 'idle', name: 'Qwen3-4B' } })] },
  { name: 'empty-loading', view: 'chat', messages: [chat({ engine: { kind: 'loading', name: 'Qwen3-4B', fraction: 0.43 } })] },
  { name: 'empty-missing', view: 'chat', messages: [chat({ engine: { kind: 'missing' } })] },
  { name: 'empty-down', view: 'chat', messages: [chat({ engine: { kind: 'down', message: 'The engine stopped unexpectedly. Nothing you wrote is lost.' } })] },
  { name: 'empty-off', view: 'chat', messages: [chat({ engine: { kind: 'off' } })] },
  { name: 'empty-demo', view: 'chat', messages: [chat({ engine: { kind: 'ready', model: { ...model, name: 'Ponder demo', quantisation: 'F16', placement: 'CPU', contextSize: 4096, demo: true } } })] },
  { name: 'conversation', view: 'chat', messages: [chat({ turns: [first, writing] })] },
  {
    name: 'error',
    view: 'chat',
    messages: [
      chat({
        window: { used: 24_810, cached: 6570, size: 65_536, native: 32_768 },
        turns: [
          settings,
          turn({
            id: 'e',
            status: 'failed',
            error: {
              code: 'memory',
              title: 'Not enough memory for a 64k context',
              memory: { needed: 11.8e9, free: 10.9e9 },
              actions: [
                { id: 'a', label: 'Use 32k', detail: 'Needs 7.2 GB' },
                { id: 'b', label: 'Use 8-bit KV cache', detail: 'Needs 7.6 GB, keeps 64k' },
              ],
            },
          }),
        ],
      }),
    ],
  },
  {
    name: 'reading',
    view: 'chat',
    messages: [
      chat({
        window: { used: 24_810, cached: 6570, size: 65_536, native: 32_768 },
        turns: [settings, turn({ id: 'r', reading: { done: 6570 + 11_126, total: 24_810, cached: 6570, msLeft: 9000 } })],
      }),
    ],
  },
  { name: 'loading', view: 'chat', messages: [chat({ engine: { kind: 'loading', name: 'Qwen3-4B', fraction: 0.43 }, turns: [turn({ id: 'l', status: 'loading', loaded: 0.43 })] })] },
  { name: 'thinking', view: 'chat', messages: [chat({ turns: [turn({ id: 'k', status: 'thinking', thought: { ms: 14_000, tokens: 612 } })] })] },
  {
    name: 'endings',
    view: 'chat',
    messages: [
      chat({
        turns: [
          turn({ id: 'a', question: 'Stop me', files: [], status: 'stopped', answer: 'The first half of an ans', stats }),
          turn({ id: 'b', question: 'A long one', files: [], status: 'done', answer: 'As far as it went.', cut: 'length', stats }),
          turn({ id: 'c', question: 'With tools', files: [], status: 'done', answer: 'Done.', toolCalls: [{ name: 'read_file', arguments: '{"path":"src/a/very/long/path/to/some/file.ts"}' }], stats }),
          turn({ id: 'd', question: 'Break', files: [], status: 'failed', answer: 'Half of', error: { code: 'engine', title: 'The engine stopped while it was answering.', detail: 'It ran out of memory on the GPU.', actions: [{ id: 'restart', label: 'Restart engine' }] } }),
        ],
      }),
    ],
    height: 900,
  },
  { name: 'rich', view: 'chat', messages: [chat({ turns: [turn({ id: 'm', question: 'Explain binary search', files: [], status: 'done', answer: rich, stats })] })], height: 1560 },
  { name: 'menu', view: 'chat', messages: [chat({ turns: [first] })], then: openMenu },
  { name: 'menu-always', view: 'chat', messages: [chat({ turns: [first], engine: { kind: 'ready', model: { ...model, name: 'Qwen3-4B-Thinking-2507', thinking: 'always' } } })], then: openMenu },
  { name: 'never', view: 'chat', messages: [chat({ turns: [settings], engine: { kind: 'ready', model: { ...model, name: 'Qwen3-4B-Instruct-2507', thinking: 'never' } } })] },
  {
    name: 'editing',
    view: 'chat',
    messages: [chat({ turns: [first] })],
    then: async (page) => {
      await page.getByRole('button', { name: 'Edit and resend' }).click();
    },
  },
  { name: 'down', view: 'chat', messages: [chat({ turns: [settings], engine: { kind: 'down', message: 'The engine stopped unexpectedly. Nothing you wrote is lost.' } })] },
  { name: 'off', view: 'chat', messages: [chat({ turns: [settings], engine: { kind: 'off' } })] },
  {
    name: 'jump',
    view: 'chat',
    messages: [chat({ turns: [first, writing] })],
    height: 500,
    then: async (page) => {
      await page.getByRole('log').hover();
      await page.mouse.wheel(0, -300);
      await page.waitForTimeout(150);
    },
  },
  {
    name: 'languages',
    view: 'chat',
    messages: [
      chat({
        turns: [
          turn({ id: 'zh', question: '为什么停止会丢失最后一块数据？请用中文详细解释一下，并且给出修改后的代码。', files: [], status: 'done', answer: '因为“停止”会中断读取，**循环**在解码器刷新之前就退出了。\n\n- 使用 `finally`\n- 然后发送剩余内容', stats }),
          turn({ id: 'ar', question: 'لماذا يفقد زر الإيقاف الجزء الأخير؟', files: [], status: 'done', answer: 'لأن الحلقة تنتهي قبل تفريغ `decoder`.\n\n1. استخدم `finally`\n2. أرسل الباقي', stats }),
          turn({ id: 'long', question: 'Averyveryveryveryveryveryveryveryveryveryveryveryveryverylongwordwithoutanyspaceinit', files: [], status: 'done', answer: `https://example.com/${'a'.repeat(120)}`, stats }),
        ],
      }),
    ],
    height: 900,
  },
];

const paragraphs = [
  'Restate the question. The last piece of text goes missing, but only after Stop. Without Stop everything arrives.',
  'Follow Stop through the code. The button calls `controller.abort()` in chatView.ts, line 212. That rejects the read inside `for await`. So an abort leaves the loop by throwing. The code after the loop never runs.',
  'Find what is still held back. With `stream: true` the decoder keeps an incomplete character until more bytes come. After an abort none do, so up to three bytes stay inside.',
  'Check the order of emit and onDone. If I flush in `finally`, it runs for both endings. But `onDone` is called by the caller once the promise settles, so the late text must be sent before that. Let me check the abort handler for an early return',
];

/** @param {string[]} parts @param {number[]} times */
function stepped(parts, times) {
  let start = 0;
  const steps = parts.map((part, index) => {
    const step = { start, ms: times[index] ?? 0 };
    start += part.length + 2;
    return step;
  });
  return { text: parts.join('\n\n'), steps };
}

/** @param {Partial<ThoughtState>} changes @returns {ThoughtState} */
export function thought(changes) {
  return {
    turnId: 'n',
    question: 'Why does Stop lose the last chunk?',
    ...stepped(paragraphs, [0, 2000, 7000, 11_000]),
    status: 'streaming',
    ms: 14_000,
    tokens: 612,
    tokensPerSecond: 44,
    budget: 4096,
    ...changes,
  };
}

const earlier = [
  ['Where are settings read at start-up?', 3000, 128],
  ['Which port does the server use?', 5000, 221],
  ['Rename sink to emit', 2000, 74],
  ['What does the start-up script check, and what does it do when a check fails?', 8000, 503],
].map(([question, ms, tokens], index) =>
  thought({ turnId: `e${index}`, question: String(question), ms: Number(ms), tokens: Number(tokens), status: 'done', endedBy: 'model', ...stepped(['Okay, the user wants to know where the settings are read. Let me look.', 'They are read in config.ts. An abort is not part of it.'], [0, 1000]) }),
);

/** @param {Partial<ThinkingState>} [changes] */
export function thinking(changes) {
  return { type: 'state', state: { kind: 'hybrid', modelName: 'Qwen3-4B', mode: 'auto', thoughts: [...earlier, thought({})], ...changes } };
}

/** @type {Scene[]} */
export const thinkingScenes = [
  { name: 'live', view: 'thinking', messages: [thinking()] },
  {
    name: 'find',
    view: 'thinking',
    messages: [thinking(), { type: 'find' }],
    then: async (page) => {
      await page.getByRole('textbox', { name: 'Find in thoughts' }).fill('abort');
      for (let i = 0; i < 5; i += 1) await page.keyboard.press('Enter');
      await page.waitForTimeout(150);
    },
  },
  {
    name: 'finished',
    view: 'thinking',
    messages: [thinking({ thoughts: [...earlier, thought({ status: 'done', endedBy: 'budget', tokens: 4096, ms: 95_000 })] })],
    height: 900,
    then: async (page) => {
      await page.getByRole('button', { name: /Which port/ }).click();
    },
  },
  { name: 'stopped', view: 'thinking', messages: [thinking({ thoughts: [thought({ status: 'stopped', endedBy: 'user' })] })] },
  { name: 'collapsed', view: 'thinking', messages: [thinking({ thoughts: [...earlier, thought({ status: 'done', endedBy: 'user' })] }), { type: 'collapseAll' }] },
  { name: 'none', view: 'thinking', messages: [thinking({ thoughts: [] })] },
  { name: 'none-never', view: 'thinking', messages: [thinking({ thoughts: [], kind: 'never', modelName: 'Qwen3-4B-Instruct-2507' })] },
  { name: 'none-off', view: 'thinking', messages: [thinking({ thoughts: [], mode: 'off' })] },
  {
    name: 'languages',
    view: 'thinking',
    messages: [
      thinking({
        thoughts: [
          thought({ question: '为什么停止会丢失最后一块数据？', status: 'done', ...stepped(['好的，用户想知道为什么停止会丢失最后一块数据，我需要仔细看一下代码里面的循环和解码器的处理方式，然后再回答。', '首先，循环会提前退出。所以 `decoder` 没有刷新。', 'حسنا، المستخدم يسأل عن سبب فقدان الجزء الأخير. دعني أرى.'], [0, 2000, 4000]) }),
        ],
      }),
    ],
  },
];

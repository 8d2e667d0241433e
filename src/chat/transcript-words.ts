/** What a transcript says for its readers alone, and how it keeps code fences whole. */
import { closesFence, openingFence, type Fence } from '../protocol/fences.ts';
import type { Thought, Turn } from './conversation.ts';

const endings = { model: '', budget: ' · budget used up', user: ' · cut short', stop: ' · stopped' } as const;

/** Not translated: a transcript reads the same wherever it was written. */
export function thoughtLabel({ ms, tokens, endedBy }: Thought): string {
  return ` for ${seconds(ms)} · ${tokens} tokens${endings[endedBy ?? 'stop']}`;
}

/** The emphasised words before the comment that ends a turn, or nothing. */
export function turnLabel({ stats, status, cut, error }: Turn): string {
  const words = [];
  if (stats) {
    const { model, tokens, tokensPerSecond, firstTokenMs } = stats;
    words.push(plain(model), `${tokens} tokens`, `${tokensPerSecond.toFixed(1)} tokens/s`, `first token after ${seconds(firstTokenMs)}`);
  }
  if (cut) words.push('cut short');
  if (status === 'stopped') words.push('stopped');
  if (status === 'failed') words.push(error ? `failed: ${plain(error.message)}` : 'failed');
  return words.length > 0 ? `*${words.join(' · ')}* ` : '';
}

/** One line without emphasis of its own. */
function plain(text: string): string {
  return text.replace(/[\s*]+/g, ' ').trim();
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** What highlights a file, as far as its name tells. */
export function languageOf(path: string): string {
  return /\.([A-Za-z0-9]{1,12})$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** The line that would close the code fence in which a text ends; undefined when it ends in none. */
export function openFence(text: string): string | undefined {
  let open: Fence | undefined;
  for (const line of text.split('\n')) {
    if (!open) open = openingFence(line);
    else if (closesFence(line, open)) open = undefined;
  }
  return open && open.indent + open.mark;
}

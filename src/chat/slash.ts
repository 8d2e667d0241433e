/** Commands in the composer, as the chat sees them: what they do is another room's. */
import type { Given } from '../context/item.ts';
import type { SlashState } from '../protocol/webview.ts';

/** What a text that begins with a slash comes to. */
export type SlashOutcome =
  /** No command: it is asked as it stands. */
  | { readonly kind: 'plain' }
  /** Taken care of elsewhere. */
  | { readonly kind: 'done' }
  /** Cannot be done now; the text goes back into the composer. */
  | { readonly kind: 'back' }
  /** To be asked in its place, with `given` beside what the composer holds. */
  | { readonly kind: 'ask'; readonly question: string; readonly given: Given };

export interface SlashCommands {
  /** Those whose name matches what follows the slash, best first. */
  find(query: string): Promise<readonly SlashState[]>;
  run(text: string): Promise<SlashOutcome>;
}

import { describe, expect, it } from 'vitest';
import { before, newConversation, withTurn, type Conversation } from '../../../src/chat/conversation.ts';
import { folded, summarised, unsummarised } from '../../../src/chat/fold.ts';

const conversation = ['a', 'b', 'c'].reduce<Conversation>(
  (all, id) => withTurn(all, { id, question: id, answer: id, files: [], toolCalls: [], status: 'done' }, 1),
  newConversation('c', 0),
);

describe('folding', () => {
  it('never unfolds', () => {
    expect(folded(folded(conversation, 2), 1).fold).toEqual({ turns: 2 });
    expect(folded(conversation, 0)).toBe(conversation);
  });

  it('a summary stands for all turns, and goes without a trace', () => {
    const short = summarised(conversation, 'Notes.');
    expect(short.fold).toEqual({ turns: 3, summary: 'Notes.', before: 0 });
    expect(unsummarised(short)).toEqual(conversation);
  });

  it('what was folded before a summary is folded after it is undone, also after a second one', () => {
    const twice = summarised(folded(summarised(folded(conversation, 1), 'One.'), 3), 'Two.');
    expect(unsummarised(twice).fold).toEqual({ turns: 1 });
  });

  it('more turns fold away behind a summary, which stays', () => {
    const longer = { ...summarised(conversation, 'Notes.'), turns: [...conversation.turns, ...conversation.turns] };
    expect(folded(longer, 5).fold).toEqual({ turns: 5, summary: 'Notes.', before: 0 });
  });

  it('goes with the turns it stands for', () => {
    expect(before(folded(conversation, 1), 'c').fold).toEqual({ turns: 1 });
    expect(before(folded(conversation, 2), 'b')).not.toHaveProperty('fold');
  });
});

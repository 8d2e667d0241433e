import { describe, expect, it } from 'vitest';
import { commitMessage, isLongSubject } from '../../../src/actions/commit-message.ts';

describe('commitMessage', () => {
  it.each([
    ['Add a cache', 'Add a cache'],
    ['Add a cache.\n', 'Add a cache'],
    ['```\nAdd a cache\n\n- for files\n```', 'Add a cache\n\n- for files'],
    ['Here is the commit message:\n\n```text\nfix: read it twice\n```', 'fix: read it twice'],
    ['**Add a cache**', 'Add a cache'],
    ['"Add a cache"', 'Add a cache'],
    ['Subject: Add a cache\nIt was slow.', 'Add a cache\n\nIt was slow.'],
    ['# Add a cache\r\n\r\n\r\n\r\nIt was slow.  ', 'Add a cache\n\nIt was slow.'],
    ['Here be dragons', 'Here be dragons'],
    ['', ''],
  ])('%j becomes %j', (answer, message) => {
    expect(commitMessage(answer)).toBe(message);
  });

  it('knows a subject that will be cut off', () => {
    expect(isLongSubject(`${'x'.repeat(73)}\n\nbody`)).toBe(true);
    expect(isLongSubject(`short\n\n${'x'.repeat(100)}`)).toBe(false);
  });
});

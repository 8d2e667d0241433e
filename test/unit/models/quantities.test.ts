import { expect, it } from 'vitest';
import { inBytes, inTokens } from '../../../src/models/quantities.ts';

it('bytes are as people know them', () => {
  expect([0, 20_400, 150_000, 1_500_000, 42_000_000, 999_400_000, 999_600_000, 2_500_000_000, 120e9].map(inBytes)).toEqual(['0 KB', '20 KB', '0.1 MB', '1.5 MB', '42 MB', '999 MB', '1.0 GB', '2.5 GB', '120 GB']);
});

it('tokens are short, and never more than there are', () => {
  expect([512, 4096, 6000, 32_768, 131_072, 262_144].map(inTokens)).toEqual(['512', '4k', '5k', '32k', '128k', '256k']);
});

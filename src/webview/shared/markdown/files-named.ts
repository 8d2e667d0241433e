import { splitBlocks } from './blocks.ts';
import { fenceInfo } from './languages.ts';
import { parse } from './parser.ts';

/** How many different files the code blocks of an answer name. */
export function filesNamed(answer: string): number {
  const fences = splitBlocks(answer)
    .filter((block) => /`{3}|~{3}/.test(block))
    .flatMap((block) => parse(block, false).filter(({ type }) => type === 'fence'));
  return new Set(fences.map(({ info }) => fenceInfo(info).path).filter((path) => path !== undefined)).size;
}

import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { splitBlocks } from './blocks.ts';
import { toNodes } from './nodes.tsx';
import { parse } from './parser.ts';

export interface MarkdownProps {
  readonly text: string;
  /** True while text is still being added. */
  readonly streaming: boolean;
}

/** Markdown, block by block: a block whose text has not changed is not read again. */
export function Markdown({ text, streaming }: MarkdownProps): JSX.Element {
  const blocks = useMemo(() => splitBlocks(text), [text]);
  return (
    <div class={streaming ? 'markdown streaming' : 'markdown'}>
      {blocks.map((block, index) => (
        <Block key={index} text={block} streaming={streaming && index === blocks.length - 1} />
      ))}
    </div>
  );
}

function Block({ text, streaming }: MarkdownProps): JSX.Element {
  return useMemo(() => <div class="block">{toNodes(parse(text, streaming))}</div>, [text, streaming]);
}

import { Fragment } from 'preact';
import type { JSX } from 'preact';
import { segments } from './find.ts';
import type { Range, Segment } from './find.ts';

export interface ProseProps {
  readonly text: string;
  readonly range: Range;
  readonly matches: readonly Range[];
  readonly current: Range | undefined;
}

/** Plain text with inline code and the marks of a search. Text from a model is never read as markup here. */
export function Prose({ text, range, matches, current }: ProseProps): JSX.Element {
  return (
    <>
      {grouped(segments(text, range, matches, current)).map((group, index) => {
        const parts = group.map((segment, part) => <Fragment key={part}>{piece(segment)}</Fragment>);
        return group[0]?.code === true ? (
          <code key={index} dir="ltr">
            {parts}
          </code>
        ) : (
          <Fragment key={index}>{parts}</Fragment>
        );
      })}
    </>
  );
}

function piece(segment: Segment): JSX.Element | string {
  if (segment.mark === 'none') return segment.text;
  return <mark class={segment.mark === 'current' ? 'current' : 'hit'}>{segment.text}</mark>;
}

/** Neighbours of the same kind, so that a match inside of code does not break the code's box. */
function grouped(parts: readonly Segment[]): Segment[][] {
  const groups: Segment[][] = [];
  for (const part of parts) {
    const group = groups.at(-1);
    if (group?.[0]?.code === part.code) group.push(part);
    else groups.push([part]);
  }
  return groups;
}

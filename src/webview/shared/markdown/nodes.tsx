/**
 * Markdown tokens as Preact nodes. Nothing passes through HTML on the way: what is not listed here cannot appear,
 * whatever a model writes.
 */
import { h } from 'preact';
import type { ComponentChildren } from 'preact';
import type { Token } from 'markdown-it';
import * as l10n from '@vscode/l10n';
import { fenceInfo } from '../../../protocol/fences.ts';
import { Scroller } from '../scroller.tsx';
import { CodeBlock } from './code-block.tsx';
import { safeLink } from './links.ts';
import { Maths } from './maths.tsx';

const containers = new Set([
  'p', 'ul', 'ol', 'li', 'blockquote', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'em', 'strong', 's', 'a',
  'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
]);

interface Frame {
  readonly token: Token | undefined;
  readonly children: ComponentChildren[];
}

export function toNodes(tokens: readonly Token[]): ComponentChildren[] {
  const root: Frame = { token: undefined, children: [] };
  const stack: Frame[] = [root];
  const top = (): Frame => stack.at(-1) ?? root;
  for (const token of tokens) {
    if (token.nesting === 1) {
      stack.push({ token, children: [] });
    } else if (token.nesting === -1) {
      const frame = stack.length > 1 ? stack.pop() : undefined;
      if (frame?.token) top().children.push(...container(frame.token, frame.children));
    } else {
      top().children.push(...leaf(token));
    }
  }
  return root.children;
}

function container(token: Token, children: ComponentChildren[]): ComponentChildren[] {
  // The paragraphs of a tight list are not drawn.
  if (token.hidden || !containers.has(token.tag)) return children;
  switch (token.tag) {
    case 'a':
      return [link(token, children)];
    case 'table':
      return [
        <Scroller class="table-box" label={l10n.t('Table')}>
          {h('table', null, ...children)}
        </Scroller>,
      ];
    case 'ol': {
      const start = token.attrGet('start');
      return [h('ol', start === null ? { dir: 'auto' } : { dir: 'auto', start: Number(start) }, ...children)];
    }
    case 'th':
    case 'td': {
      const side = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1];
      return [h(token.tag, side === undefined ? null : { class: `to-${side}` }, ...children)];
    }
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6': {
      // The view has headings of its own above an answer's.
      const level = Number(token.tag.slice(1));
      return [h(`h${String(Math.min(6, level + 2))}`, { class: `level-${String(level)}`, dir: 'auto' }, ...children)];
    }
    case 'p':
    case 'ul':
    case 'blockquote':
      return [h(token.tag, { dir: 'auto' }, ...children)];
    default:
      return [h(token.tag, null, ...children)];
  }
}

function link(token: Token, children: ComponentChildren[]): ComponentChildren {
  const href = safeLink(token.attrGet('href'));
  if (href === undefined) return h('span', null, ...children);
  return h('a', { href, title: href, rel: 'noreferrer' }, ...children);
}

function leaf(token: Token): ComponentChildren[] {
  switch (token.type) {
    case 'inline':
      return toNodes(token.children ?? []);
    case 'text':
    case 'text_special':
      return [token.content];
    case 'softbreak':
    case 'hardbreak':
      return [<br />];
    case 'code_inline':
      return [<code dir="ltr">{token.content}</code>];
    case 'fence':
    case 'code_block':
      return [<CodeBlock code={token.content.replace(/\n$/, '')} {...fenceInfo(token.info)} />];
    case 'hr':
      return [<hr />];
    case 'image':
      return [image(token)];
    case 'maths_inline':
      return [<Maths tex={token.content} display={token.meta?.['display'] === true} />];
    case 'maths_block':
      return [<Maths tex={token.content} display={true} />];
    case 'maths_pending':
      return [<code class="maths-source">{token.content.trim()}</code>];
    default:
      return [];
  }
}

/** Nothing is ever fetched for an answer: an image is shown as a link to it. */
function image(token: Token): ComponentChildren {
  const href = safeLink(token.attrGet('src'));
  const text = token.content === '' ? l10n.t('Image') : token.content;
  return href === undefined ? text : h('a', { href, title: href, rel: 'noreferrer' }, text);
}

import { Component, h } from 'preact';
import type { ComponentChildren, FunctionComponent } from 'preact';

/** Draws a part again only when one of its properties has changed. */
export function memo<Props extends object>(part: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      return !shallowEqual(this.props, next);
    }
    override render(): ComponentChildren {
      return h(part, this.props);
    }
  }
  return (props: Props) => h(Memo, props);
}

function shallowEqual(a: object, b: object): boolean {
  const left = Object.entries(a);
  const right = new Map<string, unknown>(Object.entries(b));
  return left.length === right.size && left.every(([name, value]) => right.has(name) && Object.is(value, right.get(name)));
}

import { describe, expect, it } from 'vitest';
import { bringsUris, droppedUris } from '../../../src/webview/chat/chips/drop.ts';

function dropped(data: Readonly<Record<string, string>>): string[] {
  return droppedUris((type) => data[type] ?? '');
}

describe('a drop', () => {
  it("gives the URIs of VS Code's explorer, each once", () => {
    expect(dropped({ 'application/vnd.code.uri-list': 'file:///a.ts\r\nfile:///b%20c.ts\r\nfile:///a.ts\r\n', 'text/uri-list': 'file:///x' })).toEqual(['file:///a.ts', 'file:///b%20c.ts']);
  });
  it("gives those of a tab, which come as JSON", () => {
    expect(dropped({ resourceurls: '["vscode-remote://ssh/a.ts", 3, null]' })).toEqual(['vscode-remote://ssh/a.ts']);
  });
  it('gives those of another program, without its comments', () => {
    expect(dropped({ 'text/uri-list': '# from a file manager\nfile:///a.ts' })).toEqual(['file:///a.ts']);
  });
  it('goes on to the next kind where one is broken', () => {
    expect(dropped({ resourceurls: '{"no', 'text/uri-list': 'file:///a.ts' })).toEqual(['file:///a.ts']);
    expect(dropped({ resourceurls: '{}' })).toEqual([]);
  });
  it('leaves links, scripts, commands, paths and endless names alone', () => {
    const list = ['https://example.com', 'HTTP://example.com', 'javascript:alert(1)', 'data:text/plain,x', 'command:x', 'mailto:a@b.c', '/etc/passwd', 'C:\\a', `file:///${'a'.repeat(4096)}`];
    expect(dropped({ 'text/uri-list': list.join('\n') })).toEqual([]);
  });
  it('takes no more than the host does', () => {
    expect(dropped({ 'text/uri-list': Array.from({ length: 300 }, (_, index) => `file:///${index}`).join('\n') })).toHaveLength(256);
  });
  it('is announced by its kinds', () => {
    expect(bringsUris(['text/plain', 'text/uri-list'])).toBe(true);
    expect(bringsUris(['text/plain', 'Files'])).toBe(false);
  });
});

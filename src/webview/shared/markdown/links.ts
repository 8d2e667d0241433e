/** The address a link may lead to, or nothing: only the web and mail, never a command, a script or a file. */
export function safeLink(href: string | number | null | undefined): string | undefined {
  return typeof href === 'string' && /^(?:https?:\/\/|mailto:)/i.test(href) ? href : undefined;
}

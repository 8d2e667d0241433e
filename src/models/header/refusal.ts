/** Why a file is no model to talk to. Words for it are in `models/words.ts`. */
export type Refusal =
  /** Nothing there, or not to be read. */
  | { readonly why: 'missing' }
  | { readonly why: 'empty' }
  /** HTML, an archive, anything else. */
  | { readonly why: 'not-gguf' }
  /** Version of the format; a file for machines of the other byte order has a very large one. */
  | { readonly why: 'version'; readonly version: number }
  /** It ends before what its header announces, or a part of it is not there. */
  | { readonly why: 'cut-short' }
  /** A header that contradicts itself, or is larger than any honest one. */
  | { readonly why: 'damaged' }
  /** Not the first of a model in several files. */
  | { readonly why: 'later-part' }
  /** It sees, or is added to a model, and says nothing by itself. */
  | { readonly why: 'not-a-model' }
  /** It turns texts into vectors. */
  | { readonly why: 'embedding' };

export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.why);
  }
}

/** The models that are known by name. Read when first asked for. */
import * as v from 'valibot';
import data from './catalogue.json' with { type: 'json' };
import { keyOf, keysOf, stemOf } from './names.ts';
import { catalogueSchema, type Catalogue, type CatalogueFile, type CatalogueModel } from './schema.ts';

let parsed: Catalogue | undefined;

export function catalogue(): Catalogue {
  parsed ??= parseCatalogue(data);
  return parsed;
}

/** @throws ValiError where anything in it is not as it should be */
export function parseCatalogue(json: unknown): Catalogue {
  return v.parse(catalogueSchema, json);
}

export function modelById(id: string): CatalogueModel | undefined {
  return catalogue().models.find((model) => model.id === id);
}

/** What a GGUF says of itself, and where it lies. */
export interface ModelNames {
  /** `general.name` */
  readonly name?: string | undefined;
  /** `general.basename` */
  readonly basename?: string | undefined;
  /** Path or name of the file. */
  readonly path?: string | undefined;
}

/**
 * Whose file this is, by what it is called; the first that is known of name, base name and file name. A name proves
 * little: compare what else is known of the file (`profileFor` does).
 */
export function modelNamed({ name, basename, path }: ModelNames): CatalogueModel | undefined {
  const wanted = [name, basename, path === undefined ? undefined : stemOf(path)];
  for (const each of wanted) {
    const key = each === undefined ? '' : keyOf(each);
    const found = key === '' ? undefined : catalogue().models.find((model) => keysOf(model).includes(key));
    if (found) return found;
  }
  return undefined;
}

/** Of all parts, bytes; `exact` unless one of them is known only roughly. */
export function sizeOfFile({ parts }: CatalogueFile): { readonly bytes: number; readonly exact: boolean } {
  const sizes = parts.map((part) => ('size' in part ? part.size : part.approximateSize));
  return { bytes: sizes.reduce((all, size) => all + size, 0), exact: parts.every((part) => 'size' in part) };
}

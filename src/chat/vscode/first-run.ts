/** The first run in the chat: made when a chat without a model is first looked at, and left alone when one is chosen. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Event } from '../../base/event.ts';
import type { ChatRequest } from '../../protocol/webview.ts';
import { setupRequests, type SetupRequest, type SetupState } from '../../protocol/setup.ts';

/** What the room of models offers to a newcomer. */
export interface Setup {
  readonly state: SetupState;
  readonly onDidChange: Event<void>;
  isWatched: () => boolean;
  act(request: SetupRequest): Promise<void>;
}

export interface SetupViewOptions {
  readonly make: () => Promise<Setup>;
  readonly isWatched: () => boolean;
  readonly onDidChange: () => void;
  /** A model has been chosen while the view was about choosing one. */
  readonly onDone: () => void;
  readonly onError: (error: unknown) => void;
}

const types: ReadonlySet<string> = new Set(setupRequests.map(({ entries }) => entries.type.literal));

export function isSetupRequest(request: ChatRequest): request is SetupRequest {
  return types.has(request.type);
}

export class SetupView implements Disposable {
  readonly #disposables = new DisposableStore();
  #making: Promise<Setup> | undefined;
  #setup: Setup | undefined;
  #shown = false;
  /** Nothing is asked before somebody looks. */
  #open = false;

  constructor(private readonly options: SetupViewOptions) {}

  /** Somebody looks at the chat. */
  open(): void {
    this.#open = true;
  }

  /** What is to be shown. @param missing whether no model is chosen */
  state(missing: boolean): SetupState | undefined {
    if (!missing || !this.#open) {
      if (this.#shown && !missing) this.options.onDone();
      this.#shown = false;
      return undefined;
    }
    this.#shown = true;
    this.#make().catch((error: unknown) => this.options.onError(error));
    return this.#setup?.state ?? { status: 'reading', found: [], cards: [], source: '' };
  }

  async act(request: SetupRequest): Promise<void> {
    await (await this.#make()).act(request);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #make(): Promise<Setup> {
    this.#making ??= this.options.make().then((setup) => {
      setup.isWatched = this.options.isWatched;
      this.#setup = setup;
      this.#disposables.add(setup.onDidChange(() => this.#shown && this.options.onDidChange()));
      this.options.onDidChange();
      return setup;
    });
    return this.#making;
  }
}

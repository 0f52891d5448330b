// The shapes that the modules in assets/ hand to each other. For the checker and the reader; never served.

/** One entry of the order form. */
export interface Field {
  /** Of the form control. */
  name: string;
  /** JSON Pointer into the order request. */
  pointer: string;
  required: boolean;
  /** Characters (Unicode code points). */
  max: number;
  min?: number;
  pattern?: RegExp;
  /** What is said, by code of the broken rule. */
  words: Record<string, string>;
}

/** As the API gives it. Prices are of one piece in minor units, by currency. */
export interface Product {
  sku: string;
  name: string;
  description: string;
  category: string;
  available: number;
  prices: Record<string, number>;
}

export interface Line {
  product: Product;
  price: number;
  quantity: number;
}

export interface BrokenRule {
  control: string;
  code: string;
}

/** Something to be put right; null is about no field. */
export interface Problem {
  control: string | null;
  text: string;
}

export interface Answer {
  status: number;
  problem: any;
  body: any;
  /** Seconds. */
  retryAfter: number | null;
}

/** Where the sending of an order stands. unknown: an earlier try may have been taken, its answer was lost. */
export type State =
  | { phase: "sending"; tries: number }
  | { phase: "waiting"; unknown: boolean }
  | { phase: "offline"; unknown: boolean }
  | { phase: "accepted"; body: any }
  | { phase: "refused"; status: number; problem: any }
  | { phase: "gave-up"; unknown: boolean };

/** What the sending of an order needs from the world. */
export interface Surroundings {
  /** Rejects when no answer came. */
  send(): Promise<Answer>;
  wait(ms: number): Promise<unknown>;
  isOnline(): boolean;
  untilOnline(): Promise<unknown>;
  /** Milliseconds. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  report(state: State): void;
}

/** sent: no definite answer has come yet. */
export interface Attempt {
  key: string;
  body: string;
  sent: boolean;
}

export interface Keepsake {
  at: string;
  currency: string;
  lines: { name: string; quantity: number; amount: number }[];
  values: Record<string, string>;
}

/** As the API gives it. */
export interface OrderEvent {
  version: number;
  type: string;
  at: string;
  data: { code?: string; detail?: string };
}

export interface TrailLine {
  version: number;
  at: string;
  label: string;
  mood: "step" | "good" | "bad" | "note";
  /** Empty when the line before says the same. */
  detail: string;
  /** Milliseconds after the line before, null for the first. */
  since: number | null;
}

export interface Standing {
  title: string;
  meaning: string;
  /** What the order waits for, null when it waits for nothing. */
  waiting: string | null;
  cancellable: boolean;
}

export interface FeedSources {
  /** status 304 and no body when the version named by etag is the present one. */
  readOrder(etag: string | null): Promise<{ status: number; etag: string | null; body: any }>;
  readEvents(after: number): Promise<OrderEvent[]>;
  openStream(): EventSource;
}

export interface FeedListener {
  /** May repeat what is known. */
  onEvents(events: OrderEvent[]): void;
  /** A new version of the order. */
  onOrder(order: any): void;
  /** 404 or 410: there is nothing to follow. */
  onMissing(status: number, problem: any): void;
  onState(state: "live" | "asking" | "offline"): void;
}

/** As the API gives it. Without an end there is no session: a token came along, or this machine needs none. */
export interface OperatorSession {
  role: "operator" | "reader";
  expires_at?: string;
  csrf_token?: string;
}

/** A row of the operators' counter. */
export interface Figure {
  id: string;
  label: string;
  value: string;
  /** May be empty. */
  detail: string;
  trouble: boolean;
}

/** How it stands, in a sentence. */
export interface Health {
  mood: "good" | "trouble";
  text: string;
}

/** Status 0: there was no answer. */
export interface SessionAnswer {
  status: number;
  body: any;
  retryAfter: string | null;
}

/** One line of a stack, in a file of ours or somewhere else. */
export interface ErrorFrame {
  function?: string;
  file: string;
  line: number;
  column: number;
}

/** What a page tells of a fault that it met (ClientError in contracts/openapi.yaml). */
export interface ClientError {
  kind: "error" | "rejection" | "resource" | "policy";
  type?: string;
  message: string;
  page: string;
  source?: string;
  line?: number;
  column?: number;
  stack?: ErrorFrame[];
}

// What the scoring API is sent and answers (docs/api.md). Made by `make types` from the OpenAPI document; do not edit.

/** One ad: exactly one of `text`, `posting` and `job`. */
export type AdvertIn = {
  /** echoed with the verdict */
  id?: string | number | null;
  /** the ad as plain text or HTML, at most 200,000 characters */
  text?: string | null;
  posting?: Posting | null;
  /** the job as your system has it, in one of the known formats */
  job?: Record<string, unknown> | Array<unknown> | null;
  /** format of `job`; auto (default) finds it and says what was tried */
  format?: "auto" | "jobposting" | "greenhouse" | "lever" | "ashby" | null;
  /** language of the ad, if you know it: a two-letter code */
  language?: string | null;
};

/** Results in the order of the ads. refused: how many have a problem. */
export type BatchOut = {
  results: Array<ResultOut>;
  refused: number;
};

/** Up to 1,000 ads, as `adverts` or as a board's whole `feed`, and what the caller chooses for all of them. */
export type BatchRequest = {
  /** fast: phrases and cues; full: with the multilingual encoder; auto: the encoder where the fast tier is in doubt */
  tier?: "fast" | "full" | "auto" | null;
  /** share of scams among your ads; default 0.01 */
  prior?: number | null;
  thresholds?: ThresholdsIn | null;
  /** none: level and figures alone; spans (default): with phrases, lures, and what adds up; full: with a statement of reasons, too */
  explain?: "none" | "spans" | "full" | null;
  /** what `start` and `end` count: Unicode code points (default, as Python does) or UTF-16 code units (as JavaScript and Java do) */
  offsets?: "codepoint" | "utf16" | null;
  /** language of the ad, if you know it: a two-letter code */
  language?: string | null;
  /** ads; one that does not fit its schema gets its own problem and never fails the batch */
  adverts?: Array<AdvertIn | unknown> | null;
  /** a board's answer as it is: `{jobs: [...]}` of Greenhouse or Ashby, Lever's list, a JSON-LD `@graph` */
  feed?: Record<string, unknown> | Array<unknown> | null;
  /** format of the jobs in `feed` */
  format?: "auto" | "jobposting" | "greenhouse" | "lever" | "ashby" | null;
};

/** The fewest spans without which the level would be lower. */
export type CounterfactualOut = {
  spans: Array<number>;
  probability: number;
  level: "none" | "caution" | "warning";
};

/** A moderator's verdict on an ad. */
export type FeedbackIn = {
  /** your id of the ad; kept as text */
  id: string | number;
  label: "lure" | "honest";
  /** of a lure, if you know it */
  lure_type?: "compound" | "task" | "upfront_fee" | "money_mule" | "parcel" | "fake_cheque" | "identity_theft" | "crime_gig" | "chat_operator" | "person_sale" | "generic_fake" | null;
  /** who judged; better a number of yours than a name */
  reviewer?: string | null;
  /** language of the ad, if you know it */
  language?: string | null;
  /** true: the ad may be kept and learnt from. Without it nothing of the ad is kept */
  consent?: boolean;
  /** the ad as plain text or HTML; only with consent */
  text?: string | null;
  /** or its fields; only with consent */
  posting?: Posting | null;
};

/** Feedback as it is kept. */
export type FeedbackOut = {
  feedback_id: string;
  written_at: string;
  kept_until: string;
  id: string;
  label: "lure" | "honest";
  lure_type: string | null;
  reviewer: string | null;
  language: string | null;
  consent: boolean;
  text: string | null;
  posting: Posting | null;
};

/** What the verdict does not cover. */
export type LimitsOut = {
  truncated: boolean;
  unchecked: Array<string>;
  windows?: number | null;
};

/** A lure, why it matters, and which spans carry it. */
export type LureOut = {
  lure: string;
  title: string;
  contribution: number;
  why: string;
  questions: Array<string>;
  sources: Array<string>;
  spans: Array<number>;
};

/** Which model answered. */
export type ModelOut = {
  name: string;
  version: string;
  sha256: string;
  tier: string;
};

/** A disguise that was undone at [start, end) of the caller's own field. */
export type NoteOut = {
  field: string;
  start: number;
  end: number;
  kind: string;
};

/** What adds to the log-odds without a place in the caller's text. */
export type OtherOut = {
  cue: string;
  contribution: number;
};

/** A phrase that the verdict relies on. */
export type PhraseOut = {
  field: string;
  start: number;
  end: number;
  text: string;
  lure: string | null;
  title: string | null;
};

/** Fields of a posting. A field that is not sent is no evidence. */
export type Posting = {
  title?: string | null;
  company?: string | null;
  company_profile?: string | null;
  location?: string | null;
  salary?: string | null;
  description?: string | null;
  requirements?: string | null;
  benefits?: string | null;
};

/** RFC 9457 problem details. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** JSON pointer (RFC 6901) into the body, `""` for the whole of it */
  field?: string | null;
  /** the query parameter at fault */
  parameter?: string | null;
  /** formats that were tried on a job, each with what was missing */
  tried?: Array<Record<string, unknown>> | null;
  request_id: string;
};

/** One ad of a batch: its verdict, or its own problem. */
export type ResultOut = {
  id: string | number | null;
  verdict?: VerdictOut | null;
  problem?: Problem | null;
};

/** One ad, as exactly one of `text`, `posting` and `job`, and what the caller chooses. */
export type ScoreRequest = {
  /** fast: phrases and cues; full: with the multilingual encoder; auto: the encoder where the fast tier is in doubt */
  tier?: "fast" | "full" | "auto" | null;
  /** share of scams among your ads; default 0.01 */
  prior?: number | null;
  thresholds?: ThresholdsIn | null;
  /** none: level and figures alone; spans (default): with phrases, lures, and what adds up; full: with a statement of reasons, too */
  explain?: "none" | "spans" | "full" | null;
  /** what `start` and `end` count: Unicode code points (default, as Python does) or UTF-16 code units (as JavaScript and Java do) */
  offsets?: "codepoint" | "utf16" | null;
  /** language of the ad, if you know it: a two-letter code */
  language?: string | null;
  /** echoed with the verdict */
  id?: string | number | null;
  /** the ad as plain text or HTML, at most 200,000 characters */
  text?: string | null;
  posting?: Posting | null;
  /** the job as your system has it, in one of the known formats */
  job?: Record<string, unknown> | Array<unknown> | null;
  /** format of `job`; auto (default) finds it and says what was tried */
  format?: "auto" | "jobposting" | "greenhouse" | "lever" | "ashby" | null;
};

/** [start, end) of the caller's own field, and what it adds to the log-odds. */
export type SpanOut = {
  field: string;
  start: number;
  end: number;
  text: string;
  lure: string | null;
  cue: string;
  contribution: number;
};

/** Material for a statement of reasons (Regulation (EU) 2022/2065, Article 17). It decides nothing. */
export type StatementOut = {
  decides_nothing: string;
  facts: string;
  automated_detection: boolean;
  automated_decision: null;
  phrases: Array<PhraseOut>;
  left_to_you: Array<string>;
};

/** What a job seeker can do next. */
export type StepOut = {
  id: string;
  text: string;
};

/** Probabilities from which on an ad is at each level, 0 < caution <= warning < 1. */
export type ThresholdsIn = {
  caution?: number | null;
  warning?: number | null;
};

/** Probabilities from which on the level is `caution` or `warning`. */
export type ThresholdsOut = {
  caution: number;
  warning: number;
};

/** What kind of scam it would be. */
export type TypeOut = {
  lure_type: string;
  probability: number;
};

/** `log_odds = baseline + sum of spans + sum of other`; `probability = 1 / (1 + exp(-log_odds))`. With `explain=none`, what explains is left out; `statement` is there with `explain=full`, null where the level is `none`. */
export type VerdictOut = {
  id: string | number | null;
  model: ModelOut;
  language: string;
  probability: number;
  prior: number;
  level: "none" | "caution" | "warning";
  thresholds: ThresholdsOut;
  lure_types: Array<TypeOut>;
  lures?: Array<LureOut> | null;
  spans?: Array<SpanOut> | null;
  baseline: number;
  other?: Array<OtherOut> | null;
  log_odds: number;
  counterfactual?: CounterfactualOut | null;
  normalised?: Array<NoteOut> | null;
  advice: Array<StepOut>;
  limits: LimitsOut;
  statement?: StatementOut | null;
};

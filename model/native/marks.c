/* Gathers contributions into the few phrases that a person would underline; see model/explanation.py. */
#include "tell.h"

enum { SYMBOL = 3, SPACE = 32 };
enum { WORDS = 4, CHARACTERS = 16 }; /* most words, or characters of scripts without spaces, that a mark takes in on either side */
enum { MOST_LEARNT = 8, SHORTEST_WORD = 5 };
static const double FAINTEST_TOKEN = 0.04, FAINTEST_SPAN = 0.6, FAINTEST_RUN = 0.05, FAINTEST_CUE = 0.1;
static const double AGAINST = -0.05; /* words that contribute less speak against the lure and are left out */

/* What holds of all adverts. kinds, marks: by code point. lure_of: by cue. cue_names: by cue the place of its name among all in order; behind
   the `cues` that have a number stand learnt phrases, then wording that the encoder knows. */
typedef struct {
    const u8 *kinds, *marks;
    const int8_t *lure_of;
    const i32 *cue_names;
    i64 cues, lures;
} Known;

/* Where the tokens stand in the callers' own texts. start: on the sheet, by character. sheet: its code points. starts, adverts, names: by
   field, the last as of cues. wide: pairs of start and end of characters that came from more than one code point, ascending. */
typedef struct {
    const Text *text;
    const Known *known;
    const i32 *start;
    const u32 *sheet;
    const i32 *starts, *adverts, *names, *wide;
    i64 length, fields, wides;
} Page;

/* What the encoder sees: tokens [first, last] of one lure. */
typedef struct { i32 advert, lure, first, last; } Run;

/* Tokens [first, last] that carry one lure or one cue. best: of the contributions that were joined. */
typedef struct {
    double contribution, best;
    i32 advert, lure, cue, first, last, field, start, end, name, cue_name;
} Mark;

/* Code points [start, end) of a field. */
typedef struct {
    double contribution;
    i32 advert, field, start, end, lure, cue;
} Span;

static inline i32 learnt(const Page *page) { return (i32)page->known->cues; }
static inline i32 wording(const Page *page) { return (i32)page->known->cues + 1; }
static inline double size_of(double x) { return x < 0 ? -x : x; }
static inline i32 later(i32 a, i32 b) { return a > b ? a : b; }

/* Marks of all cues, by place; those of one lure that touch become one, as do those of one cue without. latest: by lure, then by cue. */
static i64 mark_cues(const Page *page, const Cue *cues, const double *shares, i64 count, i64 *latest, Mark *marks) {
    i64 made = 0;
    for (i64 i = 0; i < count; i++) {
        const Cue *c = &cues[i];
        i32 lure = page->known->lure_of[c->cue];
        i64 *at = &latest[lure >= 0 ? lure : page->known->lures + c->cue];
        Mark *m = *at >= 0 ? &marks[*at] : NULL;
        if (!m || c->first > m->last) {
            *at = made;
            marks[made++] = (Mark){.contribution = shares[i], .best = shares[i], .advert = c->advert, .lure = lure, .cue = c->cue,
                                   .first = c->first, .last = c->last};
            continue;
        }
        m->last = later(m->last, c->last);
        m->contribution += shares[i];
        if (shares[i] > m->best) m->best = shares[i], m->cue = c->cue;
    }
    return made;
}

/* Marks and runs, by place; those of one lure that overlap become one. latest: by lure. */
static i64 join_runs(const Page *page, const Mark *marks, i64 count, const Run *runs, i64 more, i64 *latest,
                     Mark *out) {
    i64 made = 0;
    for (i64 i = 0, r = 0; i < count || r < more;) {
        int is_mark = r == more || (i < count && marks[i].first <= runs[r].first);
        Mark m = is_mark ? marks[i] : (Mark){.advert = runs[r].advert, .lure = runs[r].lure, .cue = wording(page), .first = runs[r].first,
                                             .last = runs[r].last};
        is_mark ? i++ : r++;
        Mark *before = m.lure >= 0 && latest[m.lure] >= 0 ? &out[latest[m.lure]] : NULL;
        if (before && m.first <= before->last) {
            before->last = later(before->last, m.last);
            before->contribution += m.contribution;
            if (before->cue == wording(page)) before->cue = m.cue;
            continue;
        }
        if (m.lure >= 0) latest[m.lure] = made;
        out[made++] = m;
    }
    return made;
}

/* Give the tokens of every mark to the weightiest that holds them; of equals to the first. owner: by token, -1 for none. */
static void own(const Mark *marks, i64 count, i32 *owner) {
    for (i64 i = 0; i < count; i++)
        for (i32 t = marks[i].first; t <= marks[i].last; t++) {
            double mine = size_of(marks[i].contribution), other = owner[t] < 0 ? -1 : size_of(marks[owner[t]].contribution);
            if (mine > other || (mine == other && i < owner[t])) owner[t] = (i32)i;
        }
}

/* Whether a mark may take in token t, one of its field and clause beside token `next`. */
static int may_widen(const Page *page, const i32 *owner, const double *tokens, i64 t, i64 next) {
    const Text *x = page->text;
    i64 a = t < next ? t : next, b = t < next ? next : t;
    if (a < 0 || b >= x->tokens || x->field[a] != x->field[b] || owner[t] >= 0 || !(tokens[t] > AGAINST)) return 0;
    i32 gap = x->first[b] - x->last[a];
    if (gap != 1 && !(gap == 2 && page->sheet[page->start[x->last[a] + 1]] == SPACE)) return 0;
    return page->known->kinds[row_in(x->codes[x->first[t]])] != SYMBOL;
}

/* Let marks that speak for a lure reach over their clause: up to a sign, a line's end, a word that speaks against or one of another mark. */
static void widen(const Page *page, const i32 *owner, const double *tokens, Mark *marks, i64 count) {
    for (i64 i = 0; i < count; i++) {
        Mark *m = &marks[i];
        if (m->lure < 0 || !(m->contribution > 0)) continue;
        i32 most = page->text->unspaced[m->first] ? CHARACTERS : WORDS;
        for (i32 k = 0; k < most && may_widen(page, owner, tokens, m->first - 1, m->first); k++) m->first--;
        for (i32 k = 0; k < most && may_widen(page, owner, tokens, m->last + 1, m->last); k++) m->last++;
    }
}

/* The lure with which at least half of what tokens [first, last] weigh was learnt, else -1. sums: scratch by lure. */
static i32 lure_of_run(const double *tokens, const int8_t *lure, i32 first, i32 last, double *sums, i64 lures) {
    double total = 0;
    i64 best = 0;
    memset(sums, 0, (u64)lures * sizeof(double));
    for (i32 t = first; t <= last; t++) {
        total += tokens[t];
        if (lure[t] >= 0) sums[lure[t]] += tokens[t];
    }
    for (i64 l = 1; l < lures; l++)
        if (sums[l] > sums[best]) best = l;
    return sums[best] > 0 && sums[best] >= 0.5 * total ? (i32)best : -1;
}

/* Put a run among the strongest of its advert, `kept` so far: the strongest first, of equals the first. Answers how many there are. */
static i64 keep(Mark *strongest, i64 kept, Mark run) {
    i64 at = kept;
    while (at > 0 && size_of(strongest[at - 1].contribution) < size_of(run.contribution)) at--;
    if (at == MOST_LEARNT) return kept;
    i64 moved = (kept < MOST_LEARNT ? kept : MOST_LEARNT - 1) - at;
    memmove(strongest + at + 1, strongest + at, (u64)moved * sizeof(Mark));
    strongest[at] = run;
    return kept < MOST_LEARNT ? kept + 1 : kept;
}

/* Whether a token that no mark holds tells anything by itself, and which way. */
static int pull(const double *tokens, const i32 *owner, i64 t) {
    return owner[t] >= 0 ? 0 : (tokens[t] > FAINTEST_TOKEN) - (tokens[t] < -FAINTEST_TOKEN);
}

/* The strongest runs of tokens of one field that pull the same way, for each advert. Answers how many. */
static i64 mark_learnt(const Page *page, const double *tokens, const int8_t *lure, const i32 *owner, double *sums, Mark *out) {
    const Text *x = page->text;
    i64 made = 0, kept = 0;
    for (i64 t = 0, last; t < x->tokens; t = last + 1) {
        int way = pull(tokens, owner, t);
        last = t;
        if (!way) continue;
        double sum = tokens[t];
        for (; last + 1 < x->tokens && x->field[last + 1] == x->field[t] && pull(tokens, owner, last + 1) == way; last++)
            sum += tokens[last + 1];
        if (size_of(sum) < FAINTEST_SPAN || (last == t && x->last[t] - x->first[t] + 1 < SHORTEST_WORD)) continue;
        i32 advert = page->adverts[x->field[t]];
        if (kept && out[made].advert != advert) made += kept, kept = 0;
        kept = keep(out + made, kept, (Mark){.contribution = sum, .advert = advert, .lure = -1, .cue = learnt(page), .first = (i32)t, .last = (i32)last});
    }
    made += kept;
    for (i64 i = 0; i < made; i++)
        if (out[i].contribution > 0) out[i].lure = lure_of_run(tokens, lure, out[i].first, out[i].last, sums, page->known->lures);
    return made;
}

/* Where on the sheet the character ends that begins there, with the marks that combine with it and were dropped. */
static i32 end_on_sheet(const Page *page, i32 start) {
    i64 low = 0, high = page->wides;
    while (low < high) {
        i64 middle = (low + high) / 2;
        page->wide[2 * middle] < start ? (low = middle + 1) : (high = middle);
    }
    i32 end = low < page->wides && page->wide[2 * low] == start ? page->wide[2 * low + 1] : start + 1;
    while (end < page->length && page->known->marks[row_in(page->sheet[end])]) end++;
    return end;
}

/* Where a mark stands in the caller's own text. A lure is told of marks that speak for it alone. */
static void place(const Page *page, Mark *m) {
    const Text *x = page->text;
    m->field = x->field[m->first];
    i32 begin = page->starts[m->field];
    m->start = page->start[x->first[m->first]] - begin;
    m->end = end_on_sheet(page, page->start[x->last[m->last]]) - begin;
    m->name = page->names[m->field];
    m->cue_name = page->known->cue_names[m->cue];
    if (!(m->contribution > 0)) m->lure = -1;
}

/* By advert, then the largest contribution first, whatever its sign, then by place. */
static int before(const void *left, const void *right) {
    const Mark *a = left, *b = right;
    double x = size_of(a->contribution), y = size_of(b->contribution);
    if (a->advert != b->advert) return a->advert < b->advert ? -1 : 1;
    if (x != y) return x > y ? -1 : 1;
    if (a->name != b->name) return a->name < b->name ? -1 : 1;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return a->cue_name < b->cue_name ? -1 : a->cue_name > b->cue_name;
}

/* The least that a mark must weigh to be told: of a lure anything. */
static double least(const Page *page, const Mark *m) { return m->cue == wording(page) ? FAINTEST_RUN : m->lure < 0 ? FAINTEST_CUE : 0; }

/* Let each mark have the learnt weight of its tokens, and leave out those that are faint even so. Answers how many are left. */
static i64 take_tokens(const Page *page, const i32 *owner, const double *tokens, Mark *marks, i64 count) {
    i64 left = 0;
    for (i64 i = 0; i < count; i++) marks[i].best = 0;
    for (i64 t = 0; t < page->text->tokens; t++)
        if (owner[t] >= 0) marks[owner[t]].best += tokens[t];
    for (i64 i = 0; i < count; i++) {
        marks[i].contribution += marks[i].best;
        if (size_of(marks[i].contribution) >= least(page, &marks[i])) marks[left++] = marks[i];
    }
    return left;
}

/* Spans of a batch, by advert, most telling first; at most as many as cues, runs and MOST_LEARNT for every field. tokens, lure and shares
   as in scores.c. runs: NULL in the fast tier, whose marks reach over their clause instead. Answers how many. */
API i64 find_spans(const Page *page, const Cue *cues, const double *shares, i64 count, const Run *runs, i64 more, const double *tokens,
                   const int8_t *lure, Span *out) {
    i64 keys = page->known->lures + page->known->cues, length = page->text->tokens, made = 0;
    Mark *first = malloc((u64)(count + 1) * sizeof(Mark)), *marks = malloc((u64)(count + more + MOST_LEARNT * page->fields) * sizeof(Mark));
    i64 *latest = malloc((u64)(2 * keys) * sizeof(i64));
    i32 *owner = malloc((u64)(length + 1) * sizeof(i32));
    double *sums = malloc((u64)page->known->lures * sizeof(double));
    int ready = first && marks && latest && owner && sums;
    if (ready) {
        memset(latest, -1, (u64)(2 * keys) * sizeof(i64));
        memset(owner, -1, (u64)(length + 1) * sizeof(i32));
        made = mark_cues(page, cues, shares, count, latest, first);
        made = join_runs(page, first, made, runs, more, latest + keys, marks);
        if (!runs) {
            own(marks, made, owner);
            widen(page, owner, tokens, marks, made);
        }
        own(marks, made, owner);
        made = take_tokens(page, owner, tokens, marks, made);
        made += mark_learnt(page, tokens, lure, owner, sums, marks + made);
        for (i64 i = 0; i < made; i++) place(page, &marks[i]);
        qsort(marks, (u64)made, sizeof(Mark), before);
        for (i64 i = 0; i < made; i++)
            out[i] = (Span){marks[i].contribution, marks[i].advert, marks[i].field, marks[i].start, marks[i].end, marks[i].lure, marks[i].cue};
    }
    free(first), free(marks), free(latest), free(owner), free(sums);
    return ready ? made : NO_MEMORY;
}

/* What learnt phrases and cues add to the log-odds. */
#include "tell.h"

enum { MOST_GRAMS = 4 };

/* How often the phrase of a slot stands in an advert; `key` is its slot and 1, or 0. */
typedef struct { i32 key, count; } Count;

static Count *count_of(Count *counts, u64 mask, i32 slot) {
    u64 at = (u64)slot & mask;
    while ((counts[at].key != 0) & (counts[at].key != slot + 1)) at = (at + 1) & mask; /* hardly ever; new and known alike end it */
    counts[at].key = slot + 1;
    return &counts[at];
}

/* One advert's tokens, and scratch for the phrases found there. */
typedef struct {
    Text text;
    i32 *slots, *first;
    int8_t *length;
    Count *counts;
    double *tokens, *strongest;
    int8_t *lure;
} Part;

/* The sum of one advert, and how much its phrases read like a report. */
static double add_part(const Part *p, const Learnt *learnt, double *genre) {
    i64 found = find_grams(&p->text, &learnt->table, NULL, p->slots, p->first, p->length, MOST_GRAMS * p->text.tokens);
    u64 mask = 63;
    while (mask + 1 < 2 * (u64)found) mask = 2 * mask + 1;
    memset(p->counts, 0, (mask + 1) * sizeof(Count));
    for (i64 i = 0; i < found; i++) count_of(p->counts, mask, p->slots[i])->count++;
    double total = 0;
    for (i64 i = 0; i < found; i++) {
        const LearntGram *gram = (const LearntGram *)learnt->table.slots + p->slots[i];
        double share = 1.0 / count_of(p->counts, mask, p->slots[i])->count, weight = gram->weight * share;
        int told = gram->lure >= 0 && weight > 0;
        total += weight, *genre += gram->genre * share;
        for (i32 t = p->first[i]; t < p->first[i] + p->length[i]; t++) {
            p->tokens[t] += weight / p->length[i];
            if (told && weight >= p->strongest[t]) p->strongest[t] = weight, p->lure[t] = (int8_t)gram->lure;
        }
    }
    return total;
}

/* The token behind the last of the advert that begins at a token. adverts: by field. */
static i64 end_of(const Text *text, const i32 *adverts, i64 begin) {
    i64 end = begin;
    while (end < text->tokens && adverts[text->field[end]] == adverts[text->field[begin]]) end++;
    return end;
}

/* Learnt phrases, and pieces of words. A phrase counts once an advert: its occurrences there share its weight evenly, and so do the
   tokens of each. `lure` of a token is that of its weightiest phrase that has one and speaks for a scam, else -1. Fills the contribution
   and the lure of every token, the sum of every advert, and how much each reads like a report. cuts: no other call's at the same time. */
API i64 add_phrases(struct cuts *cuts, const Text *text, const i32 *adverts, const Learnt *learnt, i64 batch, double *tokens, int8_t *lure,
                    double *total, double *genre) {
    u64 most = 0, size = 64, longest = 0;
    memset(tokens, 0, (u64)text->tokens * sizeof(double));
    memset(lure, -1, (u64)text->tokens);
    memset(total, 0, (u64)batch * sizeof(double));
    memset(genre, 0, (u64)batch * sizeof(double));
    for (i64 begin = 0, end; begin < text->tokens; begin = end) {
        end = end_of(text, adverts, begin);
        u64 characters = (u64)(text->last[end - 1] - text->first[begin] + 1);
        if ((u64)(end - begin) > most) most = (u64)(end - begin);
        if (characters > longest) longest = characters;
    }
    while (size < 2 * MOST_GRAMS * most) size *= 2;
    i32 *slots = malloc((2 * MOST_GRAMS * most + 1) * sizeof(i32));
    int8_t *length = malloc(MOST_GRAMS * most + 1);
    Count *counts = malloc(size * sizeof(Count));
    double *strongest = malloc((most + 1) * sizeof(double));
    u32 *seen = malloc((4 * longest + 64) * sizeof(u32));
    int ready = slots && length && counts && strongest && seen;
    for (i64 begin = 0, end; ready && begin < text->tokens; begin = end) {
        end = end_of(text, adverts, begin);
        Part part = {*text, slots, slots + MOST_GRAMS * most, length, counts, tokens + begin, strongest, lure + begin};
        part.text.first += begin, part.text.last += begin, part.text.field += begin, part.text.unspaced += begin;
        part.text.whole += begin, part.text.tokens = end - begin;
        memset(strongest, 0, (u64)(end - begin) * sizeof(double));
        i32 advert = adverts[text->field[begin]];
        total[advert] = add_part(&part, learnt, &genre[advert]);
        if (learnt->pieced) total[advert] += add_pieces(cuts, &part.text, &learnt->pieces, seen, part.tokens);
    }
    free(slots), free(length), free(counts), free(strongest), free(seen);
    return ready ? 0 : NO_MEMORY;
}

/* What pairs and the number of lures add to each occurrence of one lure. times: occurrences of every lure. */
static double derived(const Learnt *learnt, const i32 *times, i64 lure) {
    i64 held = 0;
    for (i64 l = 0; l < learnt->lures; l++) held += times[l] > 0;
    double sum = learnt->counts[held < learnt->most ? held : learnt->most] / (double)held;
    for (i64 l = 0; l < learnt->lures; l++)
        if (times[l]) sum += learnt->pairs[l * learnt->lures + lure] / 2;
    return sum / times[lure];
}

/* Cues, which stand by advert. The occurrences of a cue share its weight evenly, those of a lure what follows from which lures are there.
   Adds to the total of every advert and to how much it reads like a report; fills the share of every occurrence, which cues each advert
   holds (adverts by cues), and the logits of the kinds of scams (adverts by kinds). */
API i64 add_cues(const Cue *cues, i64 count, i64 adverts, const Learnt *learnt, double *shares, double *total, double *genre, u8 *held,
                 double *types) {
    i32 *times = malloc((u64)(learnt->cues + learnt->lures) * sizeof(i32));
    if (!times) return NO_MEMORY;
    i32 *of_lure = times + learnt->cues;
    for (i64 a = 0, begin = 0, end; a < adverts; a++, begin = end, held += learnt->cues, types += learnt->kinds) {
        double sum = 0;
        memset(held, 0, (u64)learnt->cues);
        memset(types, 0, (u64)learnt->kinds * sizeof(double));
        memset(times, 0, (u64)(learnt->cues + learnt->lures) * sizeof(i32));
        for (end = begin; end < count && cues[end].advert == a; end++) {
            i32 cue = cues[end].cue, lure = learnt->lure_of[cue];
            times[cue]++, held[cue] = 1;
            if (lure >= 0) of_lure[lure]++;
        }
        for (i64 i = begin; i < end; i++) {
            i32 cue = cues[i].cue, lure = learnt->lure_of[cue];
            shares[i] = learnt->cue[cue] / times[cue] + (lure >= 0 ? derived(learnt, of_lure, lure) : 0);
            sum += shares[i];
        }
        total[a] += sum;
        for (i64 c = 0; c < learnt->cues; c++) {
            if (!held[c]) continue;
            genre[a] += learnt->genre_cue[c];
            for (i64 k = 0; k < learnt->kinds; k++) types[k] += learnt->types[k * learnt->columns + c];
        }
        for (i64 k = 0; k < learnt->kinds; k++) types[k] += learnt->types[(k + 1) * learnt->columns - 1];
    }
    free(times);
    return 0;
}

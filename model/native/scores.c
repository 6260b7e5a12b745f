/* What learnt phrases add to the log-odds, spread over their tokens. */
#include "kernel.h"

typedef struct { i32 row, count; } Count;

static Count *count_of(Count *counts, u64 mask, i32 row) {
    u64 at = mixed((u64)row) & mask;
    while (counts[at].count && counts[at].row != row) at = (at + 1) & mask;
    counts[at].row = row;
    return &counts[at];
}

/* Weights of phrases that stand at `first` with a length, ordered by place, so also by advert. A phrase counts once an advert: its
   occurrences there share its weight evenly, and so do the tokens of each. `lure` of a token is that of its weightiest phrase that has
   one and speaks for a scam. tokens, lure and strongest must be zeros, -1 and zeros; total zeros by advert. */
API i64 add_weights(const i32 *row, const i32 *first, const int8_t *length, const i32 *advert, i64 found, const double *phrase,
                    const int8_t *learnt, double *tokens, int8_t *lure, double *strongest, double *total) {
    u64 size = 64;
    while (size < 2 * (u64)found) size *= 2;
    Count *counts = malloc(size * sizeof(Count));
    if (!counts) return NO_MEMORY;
    for (i64 begin = 0, end; begin < found; begin = end) {
        u64 mask = 63;
        for (end = begin; end < found && advert[end] == advert[begin];) end++;
        while (mask + 1 < 2 * (u64)(end - begin)) mask = 2 * mask + 1;
        memset(counts, 0, (mask + 1) * sizeof(Count));
        for (i64 i = begin; i < end; i++) count_of(counts, mask, row[i])->count++;
        for (i64 i = begin; i < end; i++) {
            double weight = phrase[row[i]] / count_of(counts, mask, row[i])->count;
            int told = learnt[row[i]] >= 0 && weight > 0;
            total[advert[i]] += weight;
            for (i32 t = first[i]; t < first[i] + length[i]; t++) {
                tokens[t] += weight / length[i];
                if (told && weight >= strongest[t]) strongest[t] = weight, lure[t] = learnt[row[i]];
            }
        }
    }
    free(counts);
    return 0;
}

/* What adding up and telling share: cues, and what was learnt. */
#ifndef LUREWATCH_TELL_H
#define LUREWATCH_TELL_H
#include "kernel.h"

/* A cue that stands on tokens [first, last] of an advert. */
typedef struct { i32 cue, advert, first, last; } Cue;

/* A learnt phrase: its weight, what it adds to how much a text reads like a report, and the lure that it was learnt with, -1 for none. */
typedef struct { u64 hash; double weight, genre; i64 lure; } LearntGram;

/* See model/weights.py. table: of LearntGram. cue, lure_of: by cue, -1 for no lure. pairs: lures by lures. counts: by number of lures, the
   last for more. types: by kind, then cue; the last column is the constant. genre_cue: by cue. pieces: of words, with their weights; none
   where `pieced` is 0. */
typedef struct {
    Table table, pieces;
    const double *cue, *pairs, *counts, *types, *genre_cue;
    const int8_t *lure_of;
    i64 cues, lures, most, kinds, columns, pieced;
} Learnt;

/* What a thread keeps of words that it cut into pieces; see pieces.c. */
struct cuts;

API i64 find_grams(const Text *text, const Table *table, u64 *hashes, i32 *slots, i32 *first, int8_t *length, i64 room);
double add_pieces(struct cuts *cuts, const Text *text, const Table *table, u32 *seen, double *tokens);

#endif

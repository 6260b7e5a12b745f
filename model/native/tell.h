/* What adding up and telling share: cues, and what was learnt. */
#ifndef LUREWATCH_TELL_H
#define LUREWATCH_TELL_H
#include "kernel.h"

/* A cue that stands on tokens [first, last] of an advert. */
typedef struct { i32 cue, advert, first, last; } Cue;

/* See model/weights.py. phrase, lure: by row of the table. cue, lure_of: by cue, -1 for no lure. pairs: lures by lures. counts: by number
   of lures, the last for more. types: by kind, then cue; the last column is the constant. genre: by row, genre_cue: by cue. pieces: of
   words, with their weights; none where `pieced` is 0. */
typedef struct {
    Table table, pieces;
    const double *phrase, *cue, *pairs, *counts, *types, *genre, *genre_cue;
    const int8_t *lure, *lure_of;
    i64 cues, lures, most, kinds, columns, pieced;
} Learnt;

#endif

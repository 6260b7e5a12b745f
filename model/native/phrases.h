/* What looking for parts of phrases and joining them share. */
#ifndef LUREWATCH_PHRASES_H
#define LUREWATCH_PHRASES_H
#include "kernel.h"

/* A node of the trie; its uses, the first of which are anchors, begin at `begin`. told: how many anchors, shifted by TOLD, and flags. */
enum { TOLD = 2 };
typedef struct { u64 hash; u32 begin; uint16_t uses, told; } Node;

/* The phrases; see the docstrings of model/trie.py and model/phrases.py. */
typedef struct {
    Table nodes;
    const u8 *front, *onward, *back; /* by the upper bits of a hash, whether an open word may begin a part, stand further on, or end so */
    const u32 *uses, *entry, *slots;
    i64 insides;
} Phrases;

/* A node at a place: its uses, and the tokens. A part of a phrase at a place: its use, and the tokens of the chain that it ends. */
typedef struct { u32 begin, uses, anchors; i32 first, last; } Hit;
typedef struct { u32 use; i32 first, last, next; } Chain;

/* A stretch of tokens that may be a node. */
typedef struct { u64 hash; i32 first, last; } Front;

/* One field being read, and buffers that all fields of a batch share. */
typedef struct {
    const Text *text;
    const Phrases *phrases;
    i64 end; /* of the field, in tokens */
    Front *fronts, *next;
    Hit *hits;
    i32 *begun; /* by token of the field: how many parts begin before it */
    Chain *parts, *ordered;
    i64 asked, fronts_room, next_room, found, hits_room, begun_room, parts_room, ordered_room;
    int failed;
} Walk;

/* Whether a buffer could be made large enough for so many items. */
static inline int grown(void **items, size_t width, i64 *room, i64 wanted) {
    void *more = realloc(*items, width * (size_t)(2 * wanted + 256));
    if (more) *items = more, *room = 2 * wanted + 256;
    return more != NULL;
}

/* Find all nodes of the trie in the field that begins at a token; `failed` where there was no memory. */
void find_parts(Walk *walk, i64 begin);

#endif

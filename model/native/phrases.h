/* What looking for parts of phrases and joining them share. */
#ifndef LUREWATCH_PHRASES_H
#define LUREWATCH_PHRASES_H
#include "kernel.h"

/* A node of the trie; its uses, the first of which are anchors, begin at `begin`. told: how many anchors, shifted by TOLD, and flags. */
enum { TOLD = 2, LATEST = 512, RECENT = 65536 };
typedef struct { u64 hash; u32 begin; uint16_t uses, told; } Node;

/* The phrases; see the docstrings of model/trie.py and model/phrases.py. */
typedef struct {
    Table nodes;
    const u8 *front, *onward, *back; /* by the upper bits of a hash, whether an open word may begin a part, stand further on, or end so */
    const u32 *uses, *entry, *slots;
    i64 insides;
} Phrases;

/* A node of the field, by its number among those, at a place. A part of a phrase at a place: its use, and the tokens of the chain that it
   ends. */
typedef struct { u32 node; i32 first, last; } Hit;
typedef struct { u32 use; i32 first, last, next; } Chain;

/* A stretch of tokens that may be a node. */
typedef struct { u64 hash; i32 first, last; } Front;

/* A word by itself: which nodes it is, among `starts`, and the open words that may follow another token, among `open`. */
typedef struct { u64 exact; u32 start, starts, open, opens; } Word;

/* One field being read, buffers, and the words that were read lately: what they are by themselves is the same in all texts. A thread has
   one for all its calls. */
typedef struct {
    const Text *text;
    const Phrases *phrases;
    i64 end; /* of the field, in tokens */
    Word *words; /* in the order in which they were read first; `recent` tells by the lower bits of a hash which had them last */
    Node *starts;
    u64 *open;
    u32 *numbers, recent[RECENT]; /* by token of the field: which word */
    Front *fronts, *next;
    Hit *hits;
    Node *held; /* the nodes of the field, few of them twice; `latest` tells by the lower bits of `begin` which had them last */
    u32 *uses, latest[LATEST]; /* uses of those that are looked at */
    i32 *begun; /* by token of the field: how many parts begin before it */
    Chain *parts; /* by first token */
    i64 serial, met, begins, opens, asked, found, holds;
    i64 words_room, starts_room, open_room, numbers_room, fronts_room, next_room, hits_room, held_room, uses_room, begun_room, parts_room;
    int failed;
} Walk;

/* Whether a buffer could be made large enough for so many items. */
static inline int grown(void **items, size_t width, i64 *room, i64 wanted) {
    void *more = realloc(*items, width * (size_t)(2 * wanted + 256));
    if (more) *items = more, *room = 2 * wanted + 256;
    return more != NULL;
}

/* The same where it may be large enough already. */
static inline int has_room(void **items, size_t width, i64 *room, i64 wanted) { return wanted <= *room || grown(items, width, room, wanted); }

/* Find all nodes of the trie in the field that begins at a token; `failed` where there was no memory. */
void find_parts(Walk *walk, i64 begin);

#endif

/* Finds the parts of phrases: walks a trie over token hashes from every token, in rounds, so that the processor fetches ahead. */
#include "phrases.h"

enum { MORE = 1, MORE_OPEN = 2, FILTER_BITS = 16, ARTICLES = 3, FIRST_WITH_ARTICLES = 0x590, ROUND = 128 };
static const u64 PREFIX = 0xA0761D6478BD642Fu, SUFFIX = 0xE7037ED1A0B428DBu, INSIDE = 0x8EBC6AF09C88C6E3u;

static int may_be(const u8 *filter, u64 hash) { return filter[hash >> (64 - FILTER_BITS) >> 3] >> (hash >> (64 - FILTER_BITS) & 7) & 1; }

static i64 size_of(const Text *text, i64 token) { return text->unspaced[token] ? 0 : text->last[token] - text->first[token] + 1; }

/* Room for so many questions more. */
static Front *room_for(Walk *walk, i64 more) {
    if (walk->asked + more > walk->next_room && !grown((void **)&walk->next, sizeof(Front), &walk->next_room, walk->asked + more)) walk->failed = 1;
    return walk->failed ? NULL : walk->next + walk->asked;
}

/* Ask, one round later, whether a stretch of tokens is a node, if it may be; the processor fetches meanwhile what tells. Without a branch,
   which would be guessed wrong too often. */
static inline void ask(Walk *walk, u64 hash, i64 first, i64 last, int may) {
    Front *at = room_for(walk, 1);
    if (!at) return;
    const Table *nodes = &walk->phrases->nodes;
    __builtin_prefetch(nodes->filter + (hash >> (nodes->shift - FINER) >> 3));
    *at = (Front){hash, (i32)first, (i32)last};
    walk->asked += may;
}

/* Ask for every open word that the token begins with, after what the trie was walked by. Branches would be guessed wrong too often. */
static void open_ends(Walk *walk, u64 hash, i64 first, i64 token, const u8 *filter) {
    const u32 *at = walk->text->codes + walk->text->first[token];
    i64 size = size_of(walk->text, token), asked = 0;
    Front *out = room_for(walk, size);
    u64 sum = 0, power = 1;
    for (i64 k = 0; out && k < size; k++, power *= BASE) {
        sum += at[k] * power;
        u64 begun = mixed(sum);
        out[asked] = (Front){longer(hash, begun ^ PREFIX), (i32)first, (i32)token};
        asked += may_be(filter, begun);
    }
    walk->asked += asked;
}

/* Ask for every open word that the token begins or ends with. */
static void open_sides(Walk *walk, i64 token) {
    const u32 *from = walk->text->codes + walk->text->first[token], *to = walk->text->codes + walk->text->last[token];
    const u8 *front = walk->phrases->front, *back = walk->phrases->back;
    i64 size = size_of(walk->text, token), asked = 0;
    Front *out = room_for(walk, 2 * size);
    u64 before = 0, after = 0, power = 1;
    for (i64 k = 0; out && k < size; k++, power *= BASE) {
        before += from[k] * power, after = to[-k] + after * BASE;
        u64 begun = mixed(before), ended = mixed(after);
        out[asked] = (Front){longer(0, begun ^ PREFIX), (i32)token, (i32)token};
        asked += may_be(front, begun);
        out[asked] = (Front){ended ^ SUFFIX, (i32)token, (i32)token};
        asked += may_be(back, ended);
    }
    walk->asked += asked;
}

/* Every word open on both sides behind a few characters that may be written on to it. */
static void insides(Walk *walk, i64 token) {
    const u32 *at = walk->text->codes + walk->text->first[token];
    i64 size = size_of(walk->text, token);
    for (i64 skipped = 0; skipped <= ARTICLES && skipped < size; skipped++)
        for (u64 left = (u64)walk->phrases->insides; left; left &= left - 1)
            if (__builtin_ctzll(left) <= size - skipped) ask(walk, stretch(at + skipped, __builtin_ctzll(left)) ^ INSIDE, token, token, 1);
}

/* Note a node, and ask for what may lead on from it. */
static void reach(Walk *walk, const Node *node, const Front *at) {
    if (walk->found == walk->hits_room && !grown((void **)&walk->hits, sizeof(Hit), &walk->hits_room, walk->found + 1)) {
        walk->failed = 1;
        return;
    }
    __builtin_prefetch(walk->phrases->uses + node->begin);
    walk->hits[walk->found] = (Hit){node->begin, node->uses, node->told >> TOLD, at->first, at->last};
    walk->found += node->uses > 0;
    if (at->last + 1 == walk->end) return;
    ask(walk, longer(at->hash, walk->text->exact[at->last + 1]), at->first, at->last + 1, (node->told & MORE) != 0);
    if (node->told & MORE_OPEN) open_ends(walk, at->hash, at->first, at->last + 1, walk->phrases->onward);
}

/* Answer all that was asked, and what that led on to. Each step has the processor fetch what the next one reads. */
static void answer(Walk *walk) {
    const Table *nodes = &walk->phrases->nodes;
    while (walk->asked && !walk->failed) {
        Front *fronts = walk->next;
        i64 room = walk->next_room, count = 0;
        for (i64 i = 0; i < walk->asked; i++) { /* without branches: one in three is a node */
            fronts[count] = fronts[i];
            count += may_hold(nodes, fronts[i].hash);
        }
        for (i64 i = 0; i < count; i++) __builtin_prefetch(slot_of(nodes, fronts[i].hash, sizeof(Node)));
        walk->next = walk->fronts, walk->next_room = walk->fronts_room, walk->asked = 0;
        walk->fronts = fronts, walk->fronts_room = room;
        for (i64 i = 0; i < count; i++) {
            const Node *node = record_of(nodes, fronts[i].hash, sizeof(Node));
            if (node) reach(walk, node, &fronts[i]);
        }
    }
}

/* Parts of phrases that begin with this token. */
static void parts_at(Walk *walk, i64 token) {
    ask(walk, walk->text->exact[token], token, token, 1);
    open_sides(walk, token);
    if (walk->text->codes[walk->text->first[token]] >= FIRST_WITH_ARTICLES) insides(walk, token);
}

void find_parts(Walk *walk, i64 begin) {
    walk->found = 0;
    for (i64 token = begin; token < walk->end; token++) {
        parts_at(walk, token);
        if (walk->asked >= ROUND || token + 1 == walk->end) answer(walk);
    }
}

/* Hash of the node after one more token, itself the hash of a whole token or of what it begins (`prefix`) or ends with (`suffix`). */
API u64 node_after(u64 node, u64 token, int is_first, int prefix, int suffix) {
    if (suffix) return token ^ (prefix ? INSIDE : SUFFIX);
    return is_first && !prefix ? token : longer(node, prefix ? token ^ PREFIX : token);
}

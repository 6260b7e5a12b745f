/* Finds the parts of phrases: walks a trie over token hashes from every token, in rounds, so that the processor fetches ahead. */
#include "phrases.h"

enum { MORE = 1, MORE_OPEN = 2, FILTER_BITS = 16, ARTICLES = 3, FIRST_WITH_ARTICLES = 0x590, ROUND = 128 };
static const u64 PREFIX = 0xA0761D6478BD642Fu, SUFFIX = 0xE7037ED1A0B428DBu, INSIDE = 0x8EBC6AF09C88C6E3u;

static int may_be(const u8 *filter, u64 hash) { return filter[hash >> (64 - FILTER_BITS) >> 3] >> (hash >> (64 - FILTER_BITS) & 7) & 1; }

static i64 size_of(const Text *text, i64 token) { return text->unspaced[token] ? 0 : text->last[token] - text->first[token] + 1; }

/* Room for so many questions more. */
static Front *room_for(Walk *walk, i64 more) {
    if (!has_room((void **)&walk->next, sizeof(Front), &walk->next_room, walk->asked + more)) walk->failed = 1;
    return walk->failed ? NULL : walk->next + walk->asked;
}

/* Room for so many open words more. */
static u64 *open_for(Walk *walk, i64 more) {
    if (!has_room((void **)&walk->open, sizeof(u64), &walk->open_room, walk->opens + more)) walk->failed = 1;
    return walk->failed ? NULL : walk->open + walk->opens;
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

/* Ask for every open word that the token begins or ends with, and note those that may stand further on in a phrase. Branches would be
   guessed wrong too often. */
static void open_sides(Walk *walk, i64 token, Word *word) {
    const u32 *from = walk->text->codes + walk->text->first[token], *to = walk->text->codes + walk->text->last[token];
    const u8 *front = walk->phrases->front, *back = walk->phrases->back, *onward = walk->phrases->onward;
    i64 size = size_of(walk->text, token), number = word - walk->words;
    Front *out = room_for(walk, 2 * size);
    u64 *open = open_for(walk, size), before = 0, after = 0, power = 1;
    i64 asked = 0, opens = 0;
    if (walk->failed) return;
    for (i64 k = 0; k < size; k++, power *= BASE) {
        before += from[k] * power, after = to[-k] + after * BASE;
        u64 begun = mixed(before), ended = mixed(after);
        out[asked] = (Front){longer(0, begun ^ PREFIX), (i32)number, (i32)token};
        asked += may_be(front, begun);
        out[asked] = (Front){ended ^ SUFFIX, (i32)number, (i32)token};
        asked += may_be(back, ended);
        open[opens] = begun ^ PREFIX;
        opens += may_be(onward, begun);
    }
    walk->asked += asked, walk->opens += opens, word->opens = (u32)opens;
}

/* Every word open on both sides behind a few characters that may be written on to it. */
static void insides(Walk *walk, i64 token, i64 number) {
    const u32 *at = walk->text->codes + walk->text->first[token];
    i64 size = size_of(walk->text, token);
    for (i64 skipped = 0; skipped <= ARTICLES && skipped < size; skipped++)
        for (u64 left = (u64)walk->phrases->insides; left; left &= left - 1)
            if (__builtin_ctzll(left) <= size - skipped) ask(walk, stretch(at + skipped, __builtin_ctzll(left)) ^ INSIDE, number, token, 1);
}

/* Note a node: its number among those of the field and where it stands. Without branches: most common words stand there already. */
static void note(Walk *walk, const Node *node, i64 first, i64 last) {
    u32 *latest = &walk->latest[node->begin % LATEST];
    int used = node->uses > 0, known = *latest < walk->holds && walk->held[*latest].begin == node->begin;
    u32 number = known ? *latest : (u32)walk->holds;
    walk->held[walk->holds] = *node;
    walk->hits[walk->found] = (Hit){number, (i32)first, (i32)last};
    *latest = used ? number : *latest;
    walk->holds += used & !known, walk->found += used;
}

/* Only those stretches that may be nodes, of which the processor now fetches what the next step reads; answers how many. Without branches:
   one in three is a node. */
static i64 likely(const Table *nodes, Front *fronts, i64 asked) {
    i64 count = 0;
    for (i64 i = 0; i < asked; i++) {
        fronts[count] = fronts[i];
        count += may_hold(nodes, fronts[i].hash);
    }
    for (i64 i = 0; i < count; i++) __builtin_prefetch(slot_of(nodes, fronts[i].hash, sizeof(Node)));
    return count;
}

/* Take down which nodes words are, by what was asked of each in turn: those of one word stand together. */
static void settle(Walk *walk) {
    const Table *nodes = &walk->phrases->nodes;
    i64 count = likely(nodes, walk->next, walk->asked);
    walk->asked = 0;
    if (!has_room((void **)&walk->starts, sizeof(Node), &walk->starts_room, walk->begins + count)) walk->failed = 1;
    for (i64 i = 0; i < count && !walk->failed; i++) {
        const Node *node = record_of(nodes, walk->next[i].hash, sizeof(Node));
        Word *word = &walk->words[walk->next[i].first];
        if (!node) continue;
        if (!word->starts++) word->start = (u32)walk->begins;
        walk->starts[walk->begins++] = *node;
    }
}

/* Note a word that was not read yet, and ask what it is by itself. */
static void meet(Walk *walk, i64 token) {
    if (!has_room((void **)&walk->words, sizeof(Word), &walk->words_room, walk->met + 1)) walk->failed = 1;
    if (walk->failed) return;
    Word *word = &walk->words[walk->met];
    *word = (Word){.exact = walk->text->exact[token], .open = (u32)walk->opens};
    ask(walk, word->exact, walk->met, token, 1);
    open_sides(walk, token, word);
    if (walk->text->codes[walk->text->first[token]] >= FIRST_WITH_ARTICLES) insides(walk, token, walk->met);
    walk->met++;
}

/* Number the words of the field. Most of a batch were read before, and what they are by themselves is known. */
static void know(Walk *walk, i64 begin) {
    const u64 *exact = walk->text->exact;
    if (!has_room((void **)&walk->numbers, sizeof(u32), &walk->numbers_room, walk->end - begin)) walk->failed = 1;
    for (i64 token = begin; token < walk->end && !walk->failed; token++) {
        u32 *number = &walk->recent[exact[token] % RECENT];
        if (*number >= walk->met || walk->words[*number].exact != exact[token]) {
            *number = (u32)walk->met;
            meet(walk, token);
        }
        walk->numbers[token - begin] = *number;
        if (walk->asked >= ROUND) settle(walk);
    }
    if (!walk->failed) settle(walk);
}

/* Note a node, and ask for what may lead on from it. begin: of the field. */
static inline void reach(Walk *walk, const Node *node, i64 begin, i64 first, i64 last) {
    if (!has_room((void **)&walk->hits, sizeof(Hit), &walk->hits_room, walk->found + 1)) walk->failed = 1;
    if (!has_room((void **)&walk->held, sizeof(Node), &walk->held_room, walk->holds + 1)) walk->failed = 1;
    if (walk->failed) return;
    __builtin_prefetch(walk->phrases->uses + node->begin);
    note(walk, node, first, last);
    if (last + 1 == walk->end) return;
    ask(walk, longer(node->hash, walk->text->exact[last + 1]), first, last + 1, (node->told & MORE) != 0);
    if (!(node->told & MORE_OPEN)) return;
    const Word *next = &walk->words[walk->numbers[last + 1 - begin]];
    for (u32 i = next->open; i < next->open + next->opens; i++) ask(walk, longer(node->hash, walk->open[i]), first, last + 1, 1);
}

/* Answer all that was asked, and what that led on to. */
static void answer(Walk *walk, i64 begin) {
    const Table *nodes = &walk->phrases->nodes;
    while (walk->asked && !walk->failed) {
        Front *fronts = walk->next;
        i64 room = walk->next_room, count = likely(nodes, fronts, walk->asked);
        walk->next = walk->fronts, walk->next_room = walk->fronts_room, walk->asked = 0;
        walk->fronts = fronts, walk->fronts_room = room;
        for (i64 i = 0; i < count; i++) {
            const Node *node = record_of(nodes, fronts[i].hash, sizeof(Node));
            if (node) reach(walk, node, begin, fronts[i].first, fronts[i].last);
        }
    }
}

void find_parts(Walk *walk, i64 begin) {
    walk->found = walk->holds = 0;
    know(walk, begin);
    for (i64 token = begin; token < walk->end && !walk->failed; token++) {
        const Word *word = &walk->words[walk->numbers[token - begin]];
        for (u32 i = word->start; i < word->start + word->starts; i++) reach(walk, &walk->starts[i], begin, token, token);
        if (walk->asked >= ROUND || token + 1 == walk->end) answer(walk, begin);
    }
}

/* Hash of the node after one more token, itself the hash of a whole token or of what it begins (`prefix`) or ends with (`suffix`). */
API u64 node_after(u64 node, u64 token, int is_first, int prefix, int suffix) {
    if (suffix) return token ^ (prefix ? INSIDE : SUFFIX);
    return is_first && !prefix ? token : longer(node, prefix ? token ^ PREFIX : token);
}

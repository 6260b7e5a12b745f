/* Joins parts of phrases across the gaps that a phrase allows. */
#include "phrases.h"

enum { SLOTS = 16, AWAITED = 4096, MOST_WORDS = 32768, MOST_ROOM = 1 << 19, GAP_WORDS = 3, GAP_CHARACTERS = 12 };

typedef struct { u32 use; i32 last, length; } Best;
static const u32 NONE = ~0u;

static inline u32 place(u32 use) { return use / SLOTS % AWAITED; }

/* Which phrases have their rarest slot in the field, by place; two phrases may share a place, which costs time alone. Answers how many uses
   the field's nodes have, 0 where no phrase is awaited. */
static i64 await(const Walk *walk, u8 *wanted) {
    i64 uses = 0;
    int any = 0;
    for (const Node *node = walk->held; node < walk->held + walk->holds; node++) {
        uses += node->uses;
        for (int k = 0; k < node->told >> TOLD; k++) any = wanted[place(walk->phrases->uses[node->begin + (u32)k])] = 1;
    }
    return any ? uses : 0;
}

/* Whether a use is to be kept, by its place in a table. */
typedef int Keeps(const Phrases *phrases, u32 use, const void *table);

/* Keep some uses of the field's nodes, which from then on tell where theirs begin in `uses` of the walk. from: where they began before.
   Without branches: every other use is kept. Answers how many. */
static inline __attribute__((always_inline)) i64 keep_uses(Walk *walk, const u32 *from, Keeps *keeps, const void *table) {
    u32 kept = 0;
    for (Node *node = walk->held; node < walk->held + walk->holds; node++) {
        const u32 *uses = from + node->begin, *end = uses + node->uses;
        node->begin = kept;
        for (; uses < end; uses++) {
            u32 use = walk->uses[kept] = *uses;
            kept += (u32)keeps(walk->phrases, use, table);
        }
        node->uses = (uint16_t)(kept - node->begin);
    }
    return kept;
}

static inline int is_wanted(const Phrases *phrases, u32 use, const void *wanted) {
    (void)phrases;
    return ((const u8 *)wanted)[place(use)];
}

/* Whether the field has all slots of its phrase. slots: as bits, by place. */
static inline int is_complete(const Phrases *phrases, u32 use, const void *slots) {
    u32 all = (1u << phrases->slots[use / SLOTS]) - 1u;
    return (((const uint16_t *)slots)[place(use)] & all) == all;
}

/* The parts that the uses of the field's nodes are, by first token; answers how many. */
static i64 by_token(Walk *walk, i64 begin) {
    i64 size = walk->end - begin, count = 0;
    if (!has_room((void **)&walk->begun, sizeof(i32), &walk->begun_room, size + 1)) return NO_MEMORY;
    memset(walk->begun, 0, sizeof(i32) * (size_t)(size + 1));
    for (const Hit *hit = walk->hits; hit < walk->hits + walk->found; hit++) {
        walk->begun[hit->first - begin + 1] += walk->held[hit->node].uses;
        count += walk->held[hit->node].uses;
    }
    if (!has_room((void **)&walk->parts, sizeof(Chain), &walk->parts_room, count)) return NO_MEMORY;
    for (i64 token = 0; token < size; token++) walk->begun[token + 1] += walk->begun[token];
    for (const Hit *hit = walk->hits; hit < walk->hits + walk->found; hit++) {
        const Node *node = &walk->held[hit->node];
        for (u32 k = 0; k < node->uses; k++)
            walk->parts[walk->begun[hit->first - begin]++] = (Chain){walk->uses[node->begin + k], hit->first, hit->last, -1};
    }
    return count;
}

/* The parts of phrases in a field that may belong to a whole one, by first token: of those that have all their slots there. */
static i64 parts_of(Walk *walk, i64 begin) {
    u8 wanted[AWAITED] = {0};
    uint16_t slots[AWAITED] = {0};
    i64 uses = await(walk, wanted);
    if (!uses) return 0;
    if (!has_room((void **)&walk->uses, sizeof(u32), &walk->uses_room, uses)) return NO_MEMORY;
    i64 kept = keep_uses(walk, walk->phrases->uses, is_wanted, wanted);
    for (i64 i = 0; i < kept; i++) slots[place(walk->uses[i])] |= (uint16_t)(1u << walk->uses[i] % SLOTS);
    keep_uses(walk, walk->uses, is_complete, slots);
    return by_token(walk, begin);
}

typedef struct {
    Best *best; /* by use: the chain of it that ended last, the longest of those */
    u64 mask;
    i32 *ending; /* by token of the field: the chains that end there, linked by `next` */
} Joint;

static Best *best_of(const Joint *joint, u32 use) {
    u64 at = mixed(use) & joint->mask;
    while ((joint->best[at].use != NONE) & (joint->best[at].use != use)) at = (at + 1) & joint->mask;
    return &joint->best[at];
}

/* Make the chains that end at a token known to the parts after it. */
static void ended(const Joint *joint, const Chain *chains, i32 at) {
    for (; at >= 0; at = chains[at].next) {
        Best *best = best_of(joint, chains[at].use);
        i32 last = chains[at].last, length = last - chains[at].first;
        if (best->use == NONE || last > best->last || length > best->length) *best = (Best){chains[at].use, last, length};
    }
}

/* A match as one whole number: first token, length, entry. */
static u64 match(const Phrases *p, const Chain *chain) {
    return (u64)chain->first << 34 | (u64)(chain->last - chain->first) << 24 | (u64)p->entry[chain->use / SLOTS];
}

/* Join parts, each with the nearest and longest chain of its phrase that ended before it within the gap. Whole phrases take the place of
   the parts; answers how many. */
static i64 join(const Joint *joint, const Walk *walk, i64 begin, i64 count, u64 *out) {
    Chain *parts = walk->parts;
    i64 whole = 0, done = begin;
    for (i64 i = 0; i < count; i++) {
        Chain *part = &parts[i];
        for (; done < part->first; done++) ended(joint, parts, joint->ending[done - begin]);
        if (part->use % SLOTS) {
            const Best *best = best_of(joint, part->use - 1);
            i32 gap = walk->text->unspaced[part->first] ? GAP_CHARACTERS : GAP_WORDS;
            if (best->use == NONE || part->first - best->last > gap + 1) continue;
            part->first = best->last - best->length;
        }
        if (part->use % SLOTS + 1 == walk->phrases->slots[part->use / SLOTS]) {
            out[whole++] = match(walk->phrases, part);
        } else {
            part->next = joint->ending[part->last - begin];
            joint->ending[part->last - begin] = (i32)i;
        }
    }
    return whole;
}

static int ascending(const void *a, const void *b) { return *(const u64 *)a < *(const u64 *)b ? -1 : *(const u64 *)a > *(const u64 *)b; }

/* Matches in the field that begins at a token, ascending, each once. */
static i64 in_field(Walk *walk, i64 begin, u64 *out, i64 room) {
    i64 count = parts_of(walk, begin), kept = 0;
    if (count <= 0) return count;
    u64 size = 64;
    while (size < 2 * (u64)count) size *= 2;
    Joint joint = {malloc(size * sizeof(Best)), size - 1, malloc(sizeof(i32) * (size_t)(walk->end - begin))};
    u64 *whole = malloc(sizeof(u64) * (size_t)count);
    if (joint.best && joint.ending && whole) {
        memset(joint.best, -1, size * sizeof(Best));
        memset(joint.ending, -1, sizeof(i32) * (size_t)(walk->end - begin));
        i64 found = join(&joint, walk, begin, count, whole);
        qsort(whole, (size_t)found, sizeof(u64), ascending);
        for (i64 i = 0; i < found; i++) {
            if (i && whole[i] == whole[i - 1]) continue;
            if (kept < room) out[kept] = whole[i];
            kept++;
        }
    } else kept = NO_MEMORY;
    free(joint.best), free(joint.ending), free(whole);
    return kept;
}

/* What a thread finds phrases with; NULL where there is no memory. */
API Walk *new_walk(void) { return calloc(1, sizeof(Walk)); }

static void let_go(Walk *walk) {
    free(walk->words), free(walk->starts), free(walk->open), free(walk->numbers), free(walk->fronts), free(walk->next), free(walk->hits);
    free(walk->held), free(walk->uses), free(walk->parts), free(walk->begun);
    memset(walk, 0, sizeof *walk);
}

API void free_walk(Walk *walk) { let_go(walk), free(walk); }

/* Begin a text. Words are forgotten with other phrases, and when they are many; memory that an odd text took is given back. */
static void begin_text(Walk *walk, const Text *text, const Phrases *phrases) {
    i64 rooms = walk->starts_room + walk->open_room + walk->fronts_room + walk->next_room + walk->hits_room + walk->uses_room + walk->parts_room;
    if (walk->failed || rooms + walk->words_room + walk->numbers_room > MOST_ROOM) let_go(walk);
    if (walk->serial != phrases->nodes.serial || walk->met > MOST_WORDS) walk->met = walk->begins = walk->opens = 0;
    walk->serial = phrases->nodes.serial, walk->text = text, walk->phrases = phrases;
}

/* Where phrases stand: first token << 34 | length - 1 << 24 | entry, ascending, each once. walk: no other call's at the same time. */
API i64 find_phrases(Walk *walk, const Text *text, const Phrases *phrases, u64 *out, i64 room) {
    i64 found = 0;
    begin_text(walk, text, phrases);
    for (i64 begin = 0; begin < text->tokens && found >= 0; begin = walk->end) {
        for (walk->end = begin; walk->end < text->tokens && text->field[walk->end] == text->field[begin];) walk->end++;
        find_parts(walk, begin);
        i64 more = walk->failed ? NO_MEMORY : in_field(walk, begin, out + (found < room ? found : room), found < room ? room - found : 0);
        found = more < 0 ? more : found + more;
    }
    return found;
}

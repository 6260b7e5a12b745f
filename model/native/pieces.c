/* Words as the longest known pieces, so that a word that nobody has learnt still weighs what its pieces do. */
#include "tell.h"

enum { LONGEST = 16, AHEAD = 12, LATELY = 1 << 14, ROOM = 1 << 16, LONGEST_CUT = 256 };

/* A piece with its row, or with its weight. */
typedef struct { u64 hash; union { i64 row; double weight; }; } Piece;

/* What is told of each piece: itself, its first token and number of tokens. */
typedef void Tell(void *to, const Piece *piece, i64 first, i64 count);

/* The longest piece at the start of some characters, NULL where there is none; fills its length, then 1. */
static const Piece *longest(const Table *table, const u32 *at, i64 room, i64 *length) {
    u64 hashes[LONGEST], sum = 0, power = 1;
    u32 likely = 0; /* as bits, by length */
    if (room > LONGEST) room = LONGEST;
    for (i64 i = 0; i < room; i++, power *= BASE) {
        hashes[i] = mixed(sum += at[i] * power);
        likely |= (u32)may_hold(table, hashes[i]) << i;
    }
    for (i64 last; likely; likely ^= 1u << last) {
        last = 31 - __builtin_clz(likely);
        const Piece *piece = record_of(table, hashes[last], sizeof(Piece));
        if (piece) return *length = last + 1, piece;
    }
    return *length = 1, NULL;
}

/* The token behind all that follow at once in scripts without spaces. */
static i64 run_end(const Text *text, i64 token) {
    i64 end = token + 1;
    while (end < text->tokens && text->unspaced[end] && text->field[end] == text->field[token] && text->first[end] == text->last[end - 1] + 1)
        end++;
    return end;
}

/* A word, and where its pieces begin among all. The words that a thread cut lately, by the lower bits of their hashes. */
typedef struct { u64 hash; u32 begin, count; } Cut;
struct cuts {
    i64 serial;
    u32 count;
    Cut words[LATELY];
    const Piece *pieces[ROOM];
};

API struct cuts *new_cuts(void) { return calloc(1, sizeof(struct cuts)); }

API void free_cuts(struct cuts *cuts) { free(cuts); }

/* Forget what was cut by another table, or all where there is no room. */
static void make_ready(struct cuts *cuts, const Table *table) {
    if (cuts->serial == table->serial && cuts->count + LONGEST_CUT <= ROOM) return;
    memset(cuts->words, 0, sizeof cuts->words);
    cuts->serial = table->serial, cuts->count = 0;
}

/* The pieces of a word that is none as it is. */
static const Cut *cut(struct cuts *cuts, const Table *table, u64 hash, const u32 *at, const u32 *stop) {
    make_ready(cuts, table);
    Cut *word = &cuts->words[hash % LATELY];
    if (word->hash == hash) return word;
    *word = (Cut){hash, cuts->count, 0};
    for (i64 length; at < stop; at += length) {
        cuts->pieces[cuts->count] = longest(table, at, stop - at, &length);
        cuts->count += cuts->pieces[cuts->count] != NULL;
    }
    word->count = cuts->count - word->begin;
    return word;
}

/* Tell all pieces, by place. What is cut as one is a token, in scripts without spaces all characters that follow at once. Most tokens are
   pieces as they are, and their hashes are known. Numbers have none. */
static inline __attribute__((always_inline)) void each_piece(const Text *text, const Table *table, struct cuts *cuts, Tell *tell, void *to) {
    for (i64 token = 0, end; token < text->tokens; token = end) {
        i64 dense = text->unspaced[token], length;
        if (token + AHEAD < text->tokens) __builtin_prefetch(slot_of(table, text->whole[token + AHEAD], sizeof(Piece)));
        end = dense ? run_end(text, token) : token + 1;
        const Piece *piece = dense ? NULL : record_of(table, text->whole[token], sizeof(Piece)); /* the filter would seldom spare it */
        if (piece) {
            tell(to, piece, token, 1);
            continue;
        }
        const u32 *begin = text->codes + text->first[token], *stop = text->codes + text->last[end - 1] + 1;
        if (*begin - '0' < 10u) continue;
        if (dense || stop - begin > LONGEST_CUT) {
            for (const u32 *at = begin; at < stop; at += length)
                if ((piece = longest(table, at, stop - at, &length))) tell(to, piece, token + (dense ? at - begin : 0), dense ? length : 1);
        } else {
            const Cut *word = cut(cuts, table, text->whole[token], begin, stop);
            for (u32 i = 0; i < word->count; i++) tell(to, cuts->pieces[word->begin + i], token, 1);
        }
    }
}

/* Where pieces are written down. */
typedef struct { i32 *rows, *first; i64 count; } List;

static inline void write_down(void *to, const Piece *piece, i64 first, i64 count) {
    List *list = to;
    (void)count;
    list->rows[list->count] = (i32)piece->row, list->first[list->count++] = (i32)first;
}

/* Rows and first tokens of all pieces, by place; at most as many as characters. */
API i64 find_pieces(struct cuts *cuts, const Text *text, const Table *table, i32 *rows, i32 *first) {
    List list = {rows, first, 0};
    each_piece(text, table, cuts, write_down, &list);
    return list.count;
}

/* Where pieces are added up. seen: places of those that were, plus 1, by their own hash. */
typedef struct { const Piece *slots; u32 *seen; u64 mask; double *tokens, total; } Sum;

static inline void add_up(void *to, const Piece *piece, i64 first, i64 count) {
    Sum *sum = to;
    if (piece->weight == 0) return;
    u32 place = (u32)(piece - sum->slots) + 1;
    u64 at = place & sum->mask;
    while ((sum->seen[at] != 0) & (sum->seen[at] != place)) at = (at + 1) & sum->mask; /* hardly ever */
    double weight = sum->seen[at] ? 0 : piece->weight; /* no branch: every other was seen */
    sum->seen[at] = place, sum->total += weight;
    if (count > 1) weight /= (double)count;
    for (i64 t = first; t < first + count; t++) sum->tokens[t] += weight;
}

/* Adds to the tokens of one advert what its pieces weigh, and answers their sum. A piece counts once, where it stands first; the tokens
   there share its weight evenly. cuts: no other call's at the same time. seen: scratch for four times as many as the advert has characters,
   and 64. */
double add_pieces(struct cuts *cuts, const Text *text, const Table *table, u32 *seen, double *tokens) {
    Sum sum = {table->slots, seen, 63, tokens, 0};
    u64 most = (u64)(text->last[text->tokens - 1] - text->first[0] + 1);
    while (sum.mask + 1 < 2 * most) sum.mask = 2 * sum.mask + 1;
    memset(seen, 0, (sum.mask + 1) * sizeof(u32));
    each_piece(text, table, cuts, add_up, &sum);
    return sum.total;
}

/* Stretches of a batch that may be more than they seem; Python looks at each and decides. See model/markup.py, model/folding.py,
   model/contacts.py and model/disguise.py. Places are half-open, two numbers each, by where they end. */
#include "kernel.h"

enum { BLOCK = 4, WORD = 1, DENSE_LETTER = 2, LONGEST_WORD = 40, SHORTEST_LEET = 4, FEWEST_SPACED = 4 };
enum { LONGEST_TAG = 4000, LONGEST_ENTITY = 32, LONGEST_CHUNK = 500, FEWEST_DIGITS = 8, MOST_MARKS = 12 };

/* One place more; those past the room are only counted. */
static inline i64 place(i32 *out, i64 room, i64 found, i64 begin, i64 end) {
    if (found < room) out[2 * found] = (i32)begin, out[2 * found + 1] = (i32)end;
    return found + 1;
}

static inline int is_digit(u32 code) { return code - '0' < 10u; }

static inline int is_small(u32 code) { return code - 'a' < 26u; }

/* Characters that are compared all at once. A search tells for each of a block whether to stop there; in most blocks nowhere. */
typedef u32 Block __attribute__((vector_size(4 * BLOCK)));
typedef Block Stops(Block codes);

static inline Block at_digit(Block codes) { return (Block)(codes - '0' < 10u); }

static inline Block at_markup(Block codes) {
    return (Block)((codes == '<') | (codes == '>') | (codes == '&') | (codes == ';') | (codes == BREAK));
}

static inline Block at_contact(Block codes) { return (Block)((codes == '.') | (codes == '@') | (codes == '#')); }

static inline Block at_leet(Block codes) { return at_digit(codes) | (Block)((codes == '@') | (codes == '$') | (codes == '!')); }

/* The next place, from i on, that is worth looking at. */
static inline i64 next(const u32 *codes, i64 i, i64 count, Stops *stops) {
    for (; i % BLOCK == 0 && i + BLOCK <= count; i += BLOCK) {
        Block block;
        memcpy(&block, codes + i, sizeof block);
        block = stops(block);
        if (block[0] | block[1] | block[2] | block[3]) break;
    }
    return i;
}

/* From < to the next angle bracket where that is > and not too far, from & to the next semicolon or & likewise; within a field. */
API i64 find_markup(const u32 *codes, i64 count, i32 *out, i64 room) {
    const u64 signs = 1llu << '<' | 1llu << '>' | 1llu << '&' | 1llu << ';';
    i64 found = 0, tag = -1, entity = -1;
    for (i64 i = next(codes, 0, count, at_markup); i < count; i = next(codes, i + 1, count, at_markup)) {
        u32 code = codes[i];
        if (!((code < 64) & (signs >> (code & 63))) & (code != BREAK)) continue;
        if (code == '>' && tag >= 0 && i - tag <= LONGEST_TAG) found = place(out, room, found, tag, i + 1);
        if (code == ';' && entity >= 0 && i - entity <= LONGEST_ENTITY) found = place(out, room, found, entity, i + 1);
        if (code == '<' || code == '>' || code == BREAK) tag = code == '<' ? i : -1;
        if (code == '&' || code == ';' || code == BREAK) entity = code == '&' ? i : -1;
    }
    return found;
}

/* Runs of characters that have a trait. */
API i64 find_runs(const u32 *codes, i64 count, const u32 *look, i64 trait, i32 *out, i64 room) {
    i64 found = 0;
    u32 bit = (u32)trait << TRAITS;
    for (i64 i = 0, j; i < count; i = j + 1) {
        for (j = i; j < count && look[row_in(codes[j])] & bit;) j++;
        if (j > i) found = place(out, room, found, i, j);
    }
    return found;
}

/* Whether it is an @, a #, or a dot between small letters or digits with a letter after. */
static inline int tells(const u32 *codes, i64 i, i64 count) {
    if (codes[i] == '@' || codes[i] == '#') return i + 1 < count;
    return codes[i] == '.' && i && i + 1 < count && is_small(codes[i + 1]) && (is_small(codes[i - 1]) || is_digit(codes[i - 1]));
}

/* Stretches without white space, shorter than LONGEST_CHUNK, with a sign that tells of an address, a handle or a mask. */
API i64 find_chunks(const u32 *codes, i64 count, i32 *out, i64 room) {
    i64 found = 0, done = 0;
    for (i64 i = next(codes, 0, count, at_contact); i < count; i = next(codes, i + 1, count, at_contact)) {
        if (((codes[i] != '.') & (codes[i] != '@') & (codes[i] != '#')) || i < done || !tells(codes, i, count)) continue;
        i64 start = i, low = i - LONGEST_CHUNK > done ? i - LONGEST_CHUNK : done;
        while (start > low && codes[start - 1] != ' ' && codes[start - 1] != BREAK) start--;
        for (done = i; done < count && done < i + LONGEST_CHUNK && codes[done] != ' ' && codes[done] != BREAK;) done++;
        if (done - start < LONGEST_CHUNK) found = place(out, room, found, start, done);
    }
    return found;
}

/* From a digit to the last of as many, with few other characters between, as a phone number has. */
API i64 find_crowded(const u32 *codes, i64 count, i32 *out, i64 room) {
    i64 found = 0, digits = 0, latest[FEWEST_DIGITS] = {0};
    for (i64 i = next(codes, 0, count, at_digit); i < count; i = next(codes, i + 1, count, at_digit)) {
        if (!is_digit(codes[i])) continue;
        latest[digits++ % FEWEST_DIGITS] = i;
        i64 first = latest[digits % FEWEST_DIGITS];
        if (digits >= FEWEST_DIGITS && i - first <= FEWEST_DIGITS + MOST_MARKS) found = place(out, room, found, first, i + 1);
    }
    return found;
}

static int is_letter(u32 code, const u8 *kinds) { return kinds[row_in(code)] == WORD || kinds[row_in(code)] == DENSE_LETTER; }

/* Whether a token of one character is a letter with no letter or digit beside it. */
static int is_alone(const u32 *codes, i64 count, const u8 *kinds, i64 k) {
    if (is_digit(codes[k]) || !is_letter(codes[k], kinds)) return 0;
    return !(k && is_letter(codes[k - 1], kinds)) && !(k + 1 < count && is_letter(codes[k + 1], kinds));
}

/* Four or more single letters, each parted from the next by the same sign. first, last: of the tokens. */
API i64 find_spaced(const u32 *codes, i64 count, const u8 *kinds, const i32 *first, const i32 *last, i64 tokens, i32 *out, i64 room) {
    i64 found = 0, begin = 0, before = -3;
    u32 sign = BREAK; /* between the two letters before, where they are linked */
    for (i64 t = 0; t < tokens; t++) {
        i64 k = first[t];
        if (k != last[t] || !is_alone(codes, count, kinds, k)) continue;
        int linked = k - before == 2 && codes[k - 1] != BREAK;
        if (!linked || (sign != BREAK && codes[k - 1] != sign)) {
            if (before - begin >= 2 * (FEWEST_SPACED - 1)) found = place(out, room, found, begin, before + 1);
            begin = k;
        }
        sign = linked ? codes[k - 1] : BREAK;
        before = k;
    }
    return before - begin >= 2 * (FEWEST_SPACED - 1) ? place(out, room, found, begin, before + 1) : found;
}

static int leet_sign(u32 code) { return code == '@' || code == '$' || code == '!'; }

/* Whether it is one of 0 1 3 4 5 7 8 @ $ !, by bits. */
static int leet(u32 code) { return ((code < 64) & (0x01BB001200000000u >> (code & 63))) | (code == '@'); }

/* Whether this may stand in a disguised word. */
static int leety(u32 code, const u8 *kinds) { return kinds[row_in(code)] == WORD || leet_sign(code); }

/* Letters with digits or signs for letters among them. */
API i64 find_leet(const u32 *codes, i64 count, const u8 *kinds, i32 *out, i64 room) {
    i64 found = 0, done = 0;
    for (i64 k = next(codes, 0, count, at_leet); k + 1 < count; k = next(codes, k + 1, count, at_leet)) {
        if (!leet(codes[k]) || !k || k < done) continue;
        if (!(codes[k - 1] > '9' && kinds[row_in(codes[k - 1])] == WORD) && !(codes[k + 1] > '9' && kinds[row_in(codes[k + 1])] == WORD)) continue;
        i64 i = k, j = k + 1;
        while (i > done && k - i < LONGEST_WORD && leety(codes[i - 1], kinds)) i--;
        while (j < count && j - i < LONGEST_WORD && leety(codes[j], kinds)) j++;
        done = j;
        while (j > i && codes[j - 1] == '!') j--;
        if (j - i >= SHORTEST_LEET) found = place(out, room, found, i, j);
    }
    return found;
}

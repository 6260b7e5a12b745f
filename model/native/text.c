/* From characters to folded characters to tokens; see model/folding.py, model/normalise.py and model/disguise.py. */
#include "kernel.h"

enum { LIMIT = 0x20000, TRAITS = 24 };
enum { SEPARATOR = 0, DENSE = 1, SINGLE = 2, LETTER = 4 };
enum { WORD = 1, LONGEST_WORD = 40, SHORTEST_LEET = 4 };

/* Row of a code point in the character tables. */
static inline u32 row_in(u32 code) { return code < LIMIT ? code : code >= 0xE0000 ? LIMIT + 1 : LIMIT; }

/* Fold every character and leave out what folds to nothing. Answers how many are left; `traits` gathers those of all. */
API i64 fold_characters(const u32 *codes, const i32 *start, i64 count, const u32 *look, u32 *out, i32 *origin, u32 *traits) {
    i64 kept = 0;
    u32 borne = 0;
    for (i64 i = 0; i < count; i++) {
        u32 found = look[row_in(codes[i])];
        borne |= found >> TRAITS;
        out[kept] = found & ((1u << TRAITS) - 1u);
        origin[kept] = start[i];
        kept += out[kept] > 0;
    }
    *traits = borne;
    return kept;
}

/* Whether two neighbours are of one token. Letters without a script go with all letters. */
static inline int joined(u8 a, u8 b) { return (a == b && a > SINGLE) || (a == LETTER && b >= LETTER) || (b == LETTER && a >= LETTER); }

/* Cut characters into tokens; answers how many. starts: where the fields start on the sheet, origin: where each character came from. */
API i64 cut_tokens(const u32 *codes, const i32 *origin, i64 count, const u8 *cuts, const i32 *starts, i64 fields, i32 *first, i32 *last,
                   i32 *field, u8 *unspaced) {
    i64 tokens = 0, here = 0;
    u8 before = SEPARATOR;
    for (i64 i = 0; i < count; i++) {
        u8 cut = cuts[row_in(codes[i])];
        if (cut != SEPARATOR && !joined(before, cut)) {
            while (here + 1 < fields && origin[i] >= starts[here + 1]) here++;
            first[tokens] = (i32)i;
            field[tokens] = (i32)here;
            unspaced[tokens++] = cut == DENSE;
        }
        if (cut != SEPARATOR) last[tokens - 1] = (i32)i;
        before = cut;
    }
    return tokens;
}

static int leet_sign(u32 code) { return code == '@' || code == '$' || code == '!'; }

/* Whether it is one of 0 1 3 4 5 7 8 @ $ !, by two words of bits. */
static int leet(u32 code) { return code < 128 && (code < 64 ? 0x01BB001200000000u : 1u) >> (code & 63) & 1; }

/* Whether this may stand in a disguised word. */
static int leety(u32 code, const u8 *kinds) { return kinds[row_in(code)] == WORD || leet_sign(code); }

/* Stretches [i, j) of letters with digits or signs for letters among them; two numbers each. */
API i64 find_leet(const u32 *codes, i64 count, const u8 *kinds, i32 *out, i64 room) {
    i64 found = 0, done = 0;
    for (i64 k = 1; k + 1 < count; k++) {
        if (k < done || !leet(codes[k])) continue;
        if (!(codes[k - 1] > '9' && kinds[row_in(codes[k - 1])] == WORD) && !(codes[k + 1] > '9' && kinds[row_in(codes[k + 1])] == WORD)) continue;
        i64 i = k, j = k + 1;
        while (i > done && k - i < LONGEST_WORD && leety(codes[i - 1], kinds)) i--;
        while (j < count && j - i < LONGEST_WORD && leety(codes[j], kinds)) j++;
        done = j;
        while (j > i && codes[j - 1] == '!') j--;
        if (j - i < SHORTEST_LEET) continue;
        if (found < room) out[2 * found] = (i32)i, out[2 * found + 1] = (i32)j;
        found++;
    }
    return found;
}

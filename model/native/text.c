/* From characters to folded characters to tokens; see model/stream.py, model/folding.py and model/normalise.py. */
#include "kernel.h"

enum { SEPARATOR = 0, DENSE = 1, SINGLE = 2, LETTER = 4, BLOCK = 64 };

/* Blank the characters that we use for ourselves, and mark where fields end. */
API i64 lay_out(u32 *codes, i64 count, const i32 *ends, i64 fields) {
    for (i64 i = 0; i < count; i++) codes[i] = codes[i] - OURS <= BREAK - OURS ? ' ' : codes[i];
    for (i64 f = 0; f < fields; f++) codes[ends[f]] = BREAK;
    return count;
}

/* Copy characters and where they came from, but let edits [begins, ends) give way to so many of `new` from left to right. Edits must
   ascend and be apart. Answers how many characters there are then; out and origin must hold as many. */
API i64 splice(const u32 *codes, const i32 *start, i64 count, const i32 *edits, i64 many, const u32 *new, u32 *out, i32 *origin) {
    i64 at = 0, made = 0;
    for (i64 e = 0; e <= many; e++) {
        i64 begin = e < many ? edits[3 * e] : count;
        memcpy(out + made, codes + at, sizeof(u32) * (size_t)(begin - at));
        memcpy(origin + made, start + at, sizeof(i32) * (size_t)(begin - at));
        made += begin - at;
        if (e == many) break;
        for (i64 k = 0; k < edits[3 * e + 2]; k++, made++) out[made] = *new++, origin[made] = start[begin];
        at = edits[3 * e + 1];
    }
    return made;
}

/* Fold every character and leave out what folds to nothing. `traits` gathers those of all. A character that folds to several has in
   `look` where they begin in `expand`, which a zero ends. */
API i64 fold_characters(const u32 *codes, const i32 *start, i64 count, const u32 *look, const u32 *expand, u32 *out, i32 *origin,
                        u32 *traits, i64 room) {
    i64 kept = 0;
    u32 borne = 0;
    for (i64 i = 0; i < count; i++) {
        u32 found = look[row_in(codes[i])], folded = found & ((1u << TRAITS) - 1u);
        borne |= found >> TRAITS;
        if (found >> TRAITS & SEVERAL) {
            for (const u32 *each = expand + folded; *each; each++, kept++)
                if (kept < room) out[kept] = *each, origin[kept] = start[i];
        } else if (folded) {
            if (kept < room) out[kept] = folded, origin[kept] = start[i];
            kept++;
        }
    }
    *traits = borne;
    return kept;
}

/* Whether two neighbours are of one token. Letters without a script go with all letters. */
static inline int joined(u8 a, u8 b) { return ((a == b) & (a > SINGLE)) | ((a == LETTER) & (b >= LETTER)) | ((b == LETTER) & (a >= LETTER)); }

/* Cut characters into tokens; answers how many. starts: where the fields start on the sheet, origin: where each character came from.
   Places are written before it is known whether they count, as guessing would often be wrong; what parts characters is told for a block. */
API i64 cut_tokens(const u32 *codes, const i32 *origin, i64 count, const u8 *cuts, const i32 *starts, i64 fields, i32 *first, i32 *last,
                   i32 *field, u8 *unspaced) {
    i64 begun = 0, ended = 0, here = 0;
    u8 cut[BLOCK + 1] = {SEPARATOR}, begins[BLOCK], ends[BLOCK]; /* cut[0] is of the character before the block */
    for (i64 i = 0, size; i < count; i += size) {
        size = count - i < BLOCK ? count - i : BLOCK;
        for (i64 k = 0; k < size; k++) cut[k + 1] = cuts[row_in(codes[i + k])];
        for (i64 k = 0; k < BLOCK; k++) {
            u8 apart = !joined(cut[k], cut[k + 1]);
            begins[k] = apart & (cut[k + 1] != SEPARATOR);
            ends[k] = apart & (cut[k] != SEPARATOR);
        }
        for (i64 k = 0; k < size; k++) {
            last[ended] = (i32)(i + k) - 1;
            ended += ends[k];
            first[begun] = (i32)(i + k);
            begun += begins[k];
        }
        cut[0] = cut[size];
    }
    if (ended < begun) last[ended] = (i32)count - 1;
    for (i64 t = 0; t < begun; t++) {
        while (here + 1 < fields && origin[first[t]] >= starts[here + 1]) here++;
        field[t] = (i32)here;
        unspaced[t] = cuts[row_in(codes[first[t]])] == DENSE;
    }
    return begun;
}

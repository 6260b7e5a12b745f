/* Tokens and n-grams as hashes. */
#include "kernel.h"

enum { WORDS = 3, CHARACTERS = 5 };

/* Hashes of all tokens: `whole` reads every digit as 0, `exact` tells digits apart. A token is a number or holds no digit. */
API void hash_tokens(const u32 *codes, const i32 *first, const i32 *last, i64 tokens, u64 *whole, u64 *exact) {
    for (i64 t = 0; t < tokens; t++) {
        u64 zeros = 0, power = 1;
        exact[t] = whole[t] = stretch(codes + first[t], last[t] - first[t] + 1);
        if (codes[first[t]] - '0' >= 10u) continue;
        for (i32 i = first[t]; i <= last[t]; i++, power *= BASE) zeros += '0' * power;
        whole[t] = mixed(zeros);
    }
}

/* All n-grams within one field and one way of writing: one to three words, two to five characters. With a table only those in it.
   Fills hash or row, first token and number of tokens, by place. */
API i64 find_grams(const Text *text, const Table *table, u64 *hashes, i32 *rows, i32 *first, int8_t *length, i64 room) {
    i64 found = 0;
    for (i64 t = 0; t < text->tokens; t++) {
        u64 h = text->whole[t];
        int most = text->unspaced[t] ? CHARACTERS : WORDS;
        for (int k = 1;; h = longer(h, text->whole[t + k]), k++) {
            const Row *known = table && may_hold(table, h) ? record_of(table, h, sizeof(Row)) : NULL;
            i32 row = text->unspaced[t] && k == 1 ? -1 : !table ? 0 : known ? (i32)known->row : -1;
            if (row >= 0) {
                if (found < room) hashes ? (void)(hashes[found] = h) : (void)(rows[found] = row), first[found] = (i32)t, length[found] = (int8_t)k;
                found++;
            }
            if (k == most || t + k == text->tokens) break;
            if (text->field[t + k] != text->field[t] || text->unspaced[t + k] != text->unspaced[t]) break;
        }
    }
    return found;
}

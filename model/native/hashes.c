/* Tokens and n-grams as hashes. */
#include "tell.h"

enum { WORDS = 3, CHARACTERS = 5, STRIDE = 64 };

typedef struct { u64 hash; i32 first, length; } Gram;

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

/* Whether the n-gram of `length` tokens from a token on goes on by one more. */
static inline int goes_on(const Text *text, i64 token, i64 length) {
    i64 next = token + length;
    return length < (text->unspaced[token] ? CHARACTERS : WORDS) && next < text->tokens && text->field[next] == text->field[token] &&
           text->unspaced[next] == text->unspaced[token];
}

/* The n-grams that begin at a token and may be in the table; answers how many there are. One in two is, which no processor guesses. */
static i64 grams_at(const Text *text, const Table *table, i64 token, Gram *out) {
    i64 count = 0;
    u64 h = text->whole[token];
    for (i32 length = 1;; h = longer(h, text->whole[token + length]), length++) {
        out[count] = (Gram){h, (i32)token, length};
        count += (length > 1 || !text->unspaced[token]) & (!table || may_hold(table, h));
        if (!goes_on(text, token, length)) return count;
    }
}

/* All n-grams within one field and one way of writing: one to three words, two to five characters. With a table of LearntGram only those in
   it, for which the processor fetches ahead. Fills hash or slot, first token and number of tokens, by place. */
API i64 find_grams(const Text *text, const Table *table, u64 *hashes, i32 *slots, i32 *first, int8_t *length, i64 room) {
    Gram grams[STRIDE * CHARACTERS];
    i64 found = 0;
    for (i64 token = 0, count = 0; token < text->tokens; count = 0) {
        for (i64 k = 0; k < STRIDE && token < text->tokens; k++, token++) count += grams_at(text, table, token, grams + count);
        for (i64 i = 0; table && i < count; i++) __builtin_prefetch(slot_of(table, grams[i].hash, sizeof(LearntGram)));
        for (i64 i = 0; i < count; i++) {
            const LearntGram *known = table ? record_of(table, grams[i].hash, sizeof(LearntGram)) : NULL;
            if (table && !known) continue;
            if (found < room) {
                first[found] = grams[i].first, length[found] = (int8_t)grams[i].length;
                if (hashes) hashes[found] = grams[i].hash;
                else slots[found] = known ? (i32)(known - (const LearntGram *)table->slots) : 0;
            }
            found++;
        }
    }
    return found;
}

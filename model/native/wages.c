/* Which numbers may be pay; see model/wages.py and model/gates.py. Signs and shares are those of model/pay_words.py. */
#include "kernel.h"

enum { SEEN = 4, GATE_BITS = 17, FOREIGN_SHARE = 8, WHOLE_FIELD = -1 };
static const u32 FACTORS[SEEN] = {0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du, 0x27D4EB2Fu};

typedef struct {
    const u32 *codes;
    i64 count;
} Characters;

/* The character at a place, beyond either end the one at that end. */
static inline u32 at(const Characters *c, i64 i) { return c->codes[i < 0 ? 0 : i < c->count ? i : c->count - 1]; }

static inline int is_digit(u32 code) { return code - '0' < 10u; }

static inline int is_small(u32 code) { return code - 'a' < 26u; }

/* Whether the sign may stand between the digits of one number. */
static int is_part(u32 code) {
    return code == ',' || code == '.' || code == '\'' || code == ' ' || code == 0x2019 || code == 0x66C || code == 0x66B;
}

/* Whether a word may stand here and end, of those that a gate lets through; no short one where a plain letter goes on behind its last. */
static int may_stand(const Characters *c, const u32 *gates, i64 edge, int step) {
    u32 total = 0, lengths = 0, goes_on = 0;
    for (int k = 0; k < SEEN; k++) {
        total += at(c, edge + k * step) * FACTORS[k];
        lengths |= gates[total >> (32 - GATE_BITS)];
        if (k && is_small(at(c, edge + (k - 1) * step)) && is_small(at(c, edge + k * step))) goes_on |= 1u << k;
    }
    return (lengths & ~goes_on) != 0;
}

/* Whether the number is a year from 1901 to 2099 and no round hundred. */
static int is_year(const Characters *c, i64 first, i64 end) {
    i64 value = 0;
    for (i64 i = first; i < end && i < first + 4; i++) value = 10 * value + at(c, i) - '0';
    return end - first == 4 && value > 1900 && value < 2100 && value % 100;
}

/* Whether a number is large and no year, goes on, follows foreign letters, or stands beside what can make it pay. */
static int may_be_pay(const Characters *c, const u32 *before, const u32 *after, i64 first, i64 end) {
    int foreign = at(c, first - 1) > 127 || at(c, first - 2) > 127 || at(c, first - 3) > 127;
    if (!is_year(c, first, end) && (end - first > 2 || foreign)) return 1;
    if (is_part(at(c, end)) && is_digit(at(c, end + 1))) return 1;
    int spaced = at(c, first - 1) == ' ' || at(c, first - 1) == ':';
    return may_stand(c, before, first - 1 - spaced, -1) || may_stand(c, after, end + (at(c, end) == ' '), 1);
}

/* Whether more than one in FOREIGN_SHARE characters is no ASCII, or a question mark. */
static int is_foreign(const u32 *codes, i64 begin, i64 end) {
    i64 odd = 0;
    for (i64 i = begin; i < end; i++) odd += (codes[i] > 127) | (codes[i] == '?');
    return odd * FOREIGN_SHARE > end - begin;
}

/* Numbers that may be pay: field, and first character of the number, or WHOLE_FIELD where all of a foreign field is worth reading.
   bounds: of the fields, in characters. before, after: gates of words that can make pay of any number. */
API i64 find_wages(const u32 *codes, i64 count, const i32 *first, const i32 *last, const i32 *field, i64 tokens, const i64 *bounds,
                   const u32 *before, const u32 *after, i32 *out, i64 room) {
    Characters characters = {codes, count};
    i64 found = 0, here = -1;
    int foreign = 0;
    for (i64 t = 0; t < tokens; t++) {
        if (!is_digit(codes[first[t]]) || (foreign && field[t] == here)) continue;
        if (field[t] != here) here = field[t], foreign = is_foreign(codes, bounds[here], bounds[here + 1]);
        if (!foreign && !may_be_pay(&characters, before, after, first[t], last[t] + 1)) continue;
        if (found < room) out[2 * found] = (i32)here, out[2 * found + 1] = foreign ? WHOLE_FIELD : first[t];
        found++;
    }
    return found;
}

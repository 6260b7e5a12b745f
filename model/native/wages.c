/* Which numbers may be pay; see model/wages.py and model/gates.py. Signs and shares are those of model/pay_words.py, reaches and stops
   those of model/pay.py. */
#include "kernel.h"

enum { SEEN = 4, MOST = 31, LENGTHS = 14, WORDS = 18, FOREIGN_SHARE = 8, WHOLE_FIELD = -1 };
enum { DIGITS_OF_LARGE = 3, LEFT = 40, TOUCHING = 12, LINK = 64 };
static const u32 FACTORS[SEEN] = {0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du, 0x27D4EB2Fu};

typedef struct {
    const u32 *codes;
    i64 count;
} Characters;

typedef struct {
    const i32 *first, *last;
    i64 count;
} Tokens;

/* Words, as in model/gates.py: lengths, as bits, by a hash of the first characters; and, as bits, the hashes of whole words. */
typedef struct {
    const u32 lengths[1 << LENGTHS], words[1 << WORDS >> 5];
} Gate;

/* Words before and after a number that can make any pay; those after it that can with more around them; joiners; what tells of pay ahead
   of a large one and behind. */
typedef struct { Gate before, after, weak, joiners, ahead, behind; } Gates;

/* The character at a place; beyond either end what parts two fields. */
static inline u32 at(const Characters *c, i64 i) { return i >= 0 && i < c->count ? c->codes[i] : BREAK; }

static inline int is_digit(u32 code) { return code - '0' < 10u; }

static inline int is_small(u32 code) { return code - 'a' < 26u; }

/* Whether the sign may stand between the digits of one number. */
static int is_part(u32 code) {
    return code == ',' || code == '.' || code == '\'' || code == ' ' || code == 0x2019 || code == 0x66C || code == 0x66B;
}

/* Whether one plain letter follows another across a place, so that no word ends or starts there. */
static inline int is_glued(const Characters *c, i64 i) { return is_small(at(c, i - 1)) && is_small(at(c, i)); }

/* Whether a gate knows the word of this length that begins here, or reads so backward. */
static int is_word(const Characters *c, const Gate *gate, i64 edge, int step, int length) {
    u32 hash = 0;
    for (int k = 0; k < length; k++) hash = (hash ^ at(c, edge + k * step)) * FACTORS[0];
    hash >>= 32 - WORDS;
    return gate->words[hash >> 5] >> (hash & 31) & 1;
}

/* Whether a word that a gate lets through may stand here and end; read forward from its first character, or backward from its last. */
static int may_stand(const Characters *c, const Gate *gate, i64 edge, int step) {
    u32 total = 0, lengths = 0;
    if (is_glued(c, edge + (step < 0))) return 0;
    for (int k = 0; k < SEEN; k++) {
        total += at(c, edge + k * step) * FACTORS[k];
        lengths |= gate->lengths[total >> (32 - LENGTHS)];
    }
    for (; lengths; lengths &= lengths - 1) {
        int length = __builtin_ctz(lengths);
        if (length == MOST || (!is_glued(c, edge + length * step + (step < 0)) && is_word(c, gate, edge, step, length))) return 1;
    }
    return 0;
}

/* Whether the number is a year from 1901 to 2099 and no round hundred. */
static int is_year(const Characters *c, i64 first, i64 end) {
    i64 value = 0;
    for (i64 i = first; i < end && i < first + 4; i++) value = 10 * value + at(c, i) - '0';
    return end - first == 4 && value > 1900 && value < 2100 && value % 100;
}

/* The place after one space. */
static inline i64 skip(const Characters *c, i64 i) { return i + (at(c, i) == ' '); }

/* Whether what can make any number pay may stand beside this one. */
static int is_made(const Characters *c, const Gates *gates, i64 first, i64 end) {
    int spaced = at(c, first - 1) == ' ' || at(c, first - 1) == ':';
    return may_stand(c, &gates->before, first - 1 - spaced, -1) || may_stand(c, &gates->after, skip(c, end), 1);
}

/* Whether a multiplier or weak money may stand behind a number, and soon behind it what could make pay of both. */
static int is_made_with_more(const Characters *c, const Gates *gates, i64 end) {
    i64 begin = skip(c, end);
    if (!may_stand(c, &gates->weak, begin, 1)) return 0;
    for (i64 i = begin + 1; i <= end + LINK; i++)
        if (may_stand(c, &gates->after, i, 1) || may_stand(c, &gates->weak, i, 1) || may_stand(c, &gates->behind, i, 1)) return 1;
    return 0;
}

/* Whether a sentence ends here. */
static int is_stop(u32 code) {
    if (code < 128) return code == '.' || code == '!' || code == '?' || code == ';' || code == '|';
    return code == 0x2022 || code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == BREAK;
}

/* Whether what tells that a large number is pay may stand around it, with no digits between and in the same sentence. */
static int is_told(const Characters *c, const Gates *gates, i64 first, i64 end) {
    for (i64 i = end; i <= end + TOUCHING; i++) {
        if (may_stand(c, &gates->behind, i, 1)) return 1;
        if (is_digit(at(c, i)) || is_stop(at(c, i))) break;
    }
    for (i64 i = first - 1; i >= first - LEFT; i--) {
        if (may_stand(c, &gates->ahead, i, -1)) return 1;
        if (is_digit(at(c, i)) || is_stop(at(c, i))) break;
    }
    return 0;
}

/* The number after a token, at most LINK characters on; the count of tokens where there is none. */
static i64 next_number(const Characters *c, const Tokens *tokens, i64 t) {
    for (i64 next = t + 1; next < tokens->count && tokens->first[next] <= tokens->last[t] + LINK; next++)
        if (is_digit(c->codes[tokens->first[next]])) return next;
    return tokens->count;
}

/* The last of the numbers that go on from a token, by a sign within a number or a joiner between two; and whether any of them is large
   and no year among years. */
static i64 last_of_group(const Characters *c, const Tokens *tokens, const Gates *gates, i64 t, int *large) {
    i64 digits = 0, years = 0, others = 0;
    for (*large = 0;;) {
        i64 first = tokens->first[t], end = tokens->last[t] + 1, next = next_number(c, tokens, t);
        digits += end - first;
        int year = digits == end - first && is_year(c, first, end);
        years += year, others += !year;
        if ((year ? others : years || digits >= DIGITS_OF_LARGE) || may_stand(c, &gates->weak, skip(c, end), 1)) *large = 1;
        if (next == tokens->count) return t;
        int same = tokens->first[next] == end + 1 && is_part(c->codes[end]);
        if (!same && !may_stand(c, &gates->joiners, skip(c, end), 1)) return t;
        digits = same ? digits : 0;
        t = next;
    }
}

/* Whether any number of a group may be pay: something may make it so, or some are large and told, or make a range on a line of its own. */
static int may_be_pay(const Characters *c, const Tokens *tokens, const Gates *gates, i64 t, i64 last, int large) {
    if (large && last > t && at(c, tokens->first[t] - 1) == BREAK) return 1;
    for (; t <= last; t++) {
        i64 first = tokens->first[t], end = tokens->last[t] + 1;
        if (!is_digit(c->codes[first])) continue;
        if (is_made(c, gates, first, end) || is_made_with_more(c, gates, end) || (large && is_told(c, gates, first, end))) return 1;
    }
    return 0;
}

/* Whether more than one in FOREIGN_SHARE characters is no ASCII, or a question mark. */
static int is_foreign(const u32 *codes, i64 begin, i64 end) {
    i64 odd = 0;
    for (i64 i = begin; i < end; i++) odd += (codes[i] > 127) | (codes[i] == '?');
    return odd * FOREIGN_SHARE > end - begin;
}

/* Numbers that may be pay: field, and first character of the number, or WHOLE_FIELD where all of a foreign field is worth reading.
   bounds: of the fields, in characters. */
API i64 find_wages(const u32 *codes, i64 count, const i32 *first, const i32 *last, const i32 *field, i64 many, const i64 *bounds,
                   const Gates *gates, i32 *out, i64 room) {
    Characters characters = {codes, count};
    Tokens tokens = {first, last, many};
    i64 found = 0, here = -1, done = 0;
    int foreign = 0, paid = 0, large = 0;
    for (i64 t = 0; t < many; t++) {
        if (!is_digit(codes[first[t]]) || (foreign && field[t] == here)) continue;
        if (field[t] != here) here = field[t], foreign = is_foreign(codes, bounds[here], bounds[here + 1]);
        if (t >= done && !foreign) {
            done = last_of_group(&characters, &tokens, gates, t, &large) + 1;
            paid = may_be_pay(&characters, &tokens, gates, t, done - 1, large);
        }
        if (!foreign && !paid) continue;
        if (found < room) out[2 * found] = (i32)here, out[2 * found + 1] = foreign ? WHOLE_FIELD : first[t];
        found++;
    }
    return found;
}

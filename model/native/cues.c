/* Cues of a batch, by place; see model/cues.py. */
#include "tell.h"

enum { CONTACTS = 4 }; /* code points from OURS on that stand for one contact each */
enum { FIRST_AT = 36, LAST_AT = 10, TOKENS = (1 << 26) - 1, CUES = (1 << 10) - 1 };

/* An occurrence as one whole number, in whose order they are told. */
static u64 key_of(i32 first, i32 last, i32 cue) { return (u64)first << FIRST_AT | (u64)last << LAST_AT | (u64)cue; }

static int ascending(const void *left, const void *right) {
    u64 a = *(const u64 *)left, b = *(const u64 *)right;
    return a < b ? -1 : a > b;
}

/* Occurrences of seed entries, contacts, and `more` others (cue, first and last token), each once. adverts: by field. cue_of: by entry.
   contacts: cue of each kind of contact. Fills at most matched + more + tokens and answers how many there are. */
API i64 find_cues(const Text *text, const i32 *adverts, const i32 *entry, const i32 *first, const i32 *last, i64 matched, const i32 *cue_of,
                  const i32 *contacts, const i32 *others, i64 more, Cue *out) {
    u64 *keys = malloc((u64)(matched + more + text->tokens + 1) * sizeof(u64));
    i64 found = 0, told = 0;
    if (!keys) return NO_MEMORY;
    for (i64 i = 0; i < matched; i++) keys[found++] = key_of(first[i], last[i], cue_of[entry[i]]);
    for (i64 i = 0; i < more; i++) keys[found++] = key_of(others[3 * i + 1], others[3 * i + 2], others[3 * i]);
    for (i32 t = 0; t < text->tokens; t++) {
        u32 kind = text->codes[text->first[t]] - OURS;
        if (kind < CONTACTS) keys[found++] = key_of(t, t, contacts[kind]);
    }
    qsort(keys, (u64)found, sizeof(u64), ascending);
    for (i64 i = 0; i < found; i++) {
        if (i && keys[i] == keys[i - 1]) continue;
        i32 token = (i32)(keys[i] >> FIRST_AT);
        out[told++] = (Cue){(i32)(keys[i] & CUES), adverts[text->field[token]], token, (i32)(keys[i] >> LAST_AT & TOKENS)};
    }
    free(keys);
    return told;
}

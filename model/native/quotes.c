/* Stretches between quotation marks; see model/quotes.py. */
#include "kernel.h"

enum { KINDS = 5, SHORTEST = 6, LONGEST = 600 }; /* characters between two marks */
enum { TENTHS = 7 }; /* of a field that may stand in quotation marks: beyond, the text is quoted as a whole */

/* Marks of one kind open and close in turn; 0 for all else. Single marks are apostrophes as well. */
static int kind_of(u32 code) {
    if (code == '"' || code - 0x201C < 4u) return 1;
    if (code == 0xAB || code == 0xBB) return 2;
    return code - 0x300C < 2u ? 3 : code - 0x300E < 2u ? 4 : 0;
}

/* Places [i, j) between two marks of one kind within a field, two numbers each, by where they end; none of a field that is quoted as a
   whole. A straight mark after a digit (inches) opens nothing. */
API i64 find_quotes(const u32 *codes, i64 count, i32 *out, i64 room) {
    i64 found = 0, before = 0, begin = 0, quoted = 0, opened[KINDS] = {0};
    for (i64 i = 0; i < count; i++) {
        if (codes[i] < 0xAB && codes[i] != '"') continue; /* as most are */
        int kind = kind_of(codes[i]);
        if (codes[i] == BREAK) {
            if (10 * quoted > TENTHS * (i - begin)) found = before;
            before = found, begin = i + 1, quoted = 0;
            memset(opened, 0, sizeof opened);
        } else if (kind && opened[kind] && i - opened[kind] <= LONGEST) {
            if (i - opened[kind] >= SHORTEST) {
                if (found < room) out[2 * found] = (i32)opened[kind], out[2 * found + 1] = (i32)i;
                found++, quoted += i - opened[kind];
            }
            opened[kind] = 0;
        } else if (kind && !(codes[i] == '"' && i && codes[i - 1] - '0' < 10u)) {
            opened[kind] = i + 1;
        }
    }
    return found;
}

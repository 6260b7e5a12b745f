/* What the files of the kernel share. All memory is the caller's, but for scratch that a call allocates and frees itself, and for what a
   thread keeps of words (`new_walk`, `new_cuts`), so calls may run in any number of threads. Functions that fill a buffer answer how many
   items there are, also where the buffer is too small to hold them all (the caller then asks again with a larger one), and NO_MEMORY where
   scratch cannot be had. */
#ifndef LUREWATCH_KERNEL_H
#define LUREWATCH_KERNEL_H
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define API __attribute__((visibility("default")))
#define NO_MEMORY (-1)

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

/* Characters of our own, as in model/tables.py: contacts and what parts two fields; and traits, from bit TRAITS of `look` on. */
enum { OURS = 0xE000, BREAK = 0xE00F, TRAITS = 24, SEVERAL = 1, LIMIT = 0x20000 };

/* Row of a code point in the character tables. */
static inline u32 row_in(u32 code) { return code < LIMIT ? code : code >= 0xE0000 ? LIMIT + 1 : LIMIT; }

/* Records by ascending hash, each in the slot that the upper bits of its hash tell or soon after; slots between hold the largest number,
   and so does the last. A hash is not there where its bit of `filter`, by FINER more of its upper bits, is not set. */
enum { FINER = 3 };
typedef struct {
    const void *slots; /* records of one width that begin with the hash */
    const u8 *filter;
    i64 shift, serial; /* no other table in the world has that serial */
} Table;

/* Tokens over characters: first and last character, field, whether of a script without spaces; hashes without and with digits. */
typedef struct {
    const u32 *codes;
    const i32 *first, *last, *field;
    const u8 *unspaced;
    const u64 *whole, *exact;
    i64 tokens;
} Text;

static inline u64 mixed(u64 h) {
    h = (h ^ (h >> 32)) * 0xFF51AFD7ED558CCDu;
    return h ^ (h >> 29);
}

/* Hash of an n-gram that is one token longer. */
static inline u64 longer(u64 h, u64 following) { return mixed(h * 0xD6E8FEB86659FD93u + following); }

static const u64 BASE = 0x9E3779B97F4A7C15u;

/* Hash of the characters [at, at + length). */
static inline u64 stretch(const u32 *at, i64 length) {
    u64 sum = 0, power = 1;
    for (i64 i = 0; i < length; i++, power *= BASE) sum += at[i] * power;
    return mixed(sum);
}

/* Whether a look-up of a hash is worth while. */
static inline int may_hold(const Table *table, u64 hash) {
    u64 fine = hash >> (table->shift - FINER);
    return table->filter[fine >> 3] >> (fine & 7) & 1;
}

/* Where looking for a hash begins. width: bytes of a record. */
static inline const void *slot_of(const Table *table, u64 hash, i64 width) {
    return (const char *)table->slots + (i64)(hash >> table->shift) * width;
}

/* The record of a hash, NULL where the table does not hold it. Most stand in one of three slots, which no branch tells apart. */
static inline const void *record_of(const Table *table, u64 hash, i64 width) {
    const char *slot = slot_of(table, hash, width);
    slot += width * ((*(const u64 *)slot < hash) + (*(const u64 *)(slot + width) < hash) + (*(const u64 *)(slot + 2 * width) < hash));
    while (*(const u64 *)slot < hash) slot += width;
    return *(const u64 *)slot == hash ? slot : NULL;
}

#endif

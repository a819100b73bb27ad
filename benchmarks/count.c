/* The plain loop that counting is measured against: lower-case ASCII words of two or more
   characters, hashed, counted per document. Bytes above 127 part words, as all that the
   made-up corpus has of them are quotation marks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct { uint64_t hash; int64_t start; int32_t length; int32_t document; } slot;

static unsigned char fold[256];

static void prepare(void) {
    for (int b = 0; b < 256; b++)
        fold[b] = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '_' ? b
                : (b >= 'A' && b <= 'Z') ? b + 32 : 0;
}

static int same(const unsigned char *text, int64_t a, int64_t b, int32_t length) {
    for (int32_t i = 0; i < length; i++)
        if (fold[text[a + i]] != fold[text[b + i]]) return 0;
    return 1;
}

/* Return the number of terms; pairs[0] gets the pairs of document and term, pairs[1] the words. */
int64_t count(const unsigned char *text, const int64_t *ends, int64_t documents, int64_t *pairs) {
    int64_t size = 1 << 22, terms = 0, at = 0;
    slot *table = calloc(size, sizeof(slot));
    int64_t *counts = calloc(size, sizeof(int64_t));
    prepare();
    pairs[0] = pairs[1] = 0;
    for (int32_t d = 0; d < documents; d++) {
        while (at < ends[d]) {
            uint64_t hash = 14695981039346656037ULL;
            int64_t start = at;
            unsigned char c;
            while (at < ends[d] && (c = fold[text[at]])) { hash = (hash ^ c) * 1099511628211ULL; at++; }
            int32_t length = (int32_t)(at - start);
            if (length > 1) {
                uint64_t i = (hash ^ (hash >> 32)) & (size - 1);
                while (table[i].length && !(table[i].hash == hash && table[i].length == length
                                            && same(text, table[i].start, start, length)))
                    i = (i + 1) & (size - 1);
                if (!table[i].length) {
                    table[i] = (slot){hash, start, length, -1};
                    terms++;
                }
                if (table[i].document != d) { table[i].document = d; pairs[0]++; }
                counts[i]++;
                pairs[1]++;
            }
            at++;
        }
        at = ends[d];
    }
    free(table);
    free(counts);
    return terms;
}

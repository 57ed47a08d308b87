#include "experiment/identity.h"

#include "experiment/provenance.h"

#include <nettle/sha2.h>
#include <string.h>

static void hash_text(struct sha256_ctx *hash, const char *text)
{
    sha256_update(hash, strlen(text) + 1, (const uint8_t *)text);
}

/* The resolved scenario but for what only says how many replications there are: the lines "replications: N", whose
 * end stays, and "precision: ..."; lines that name what a user named are indented. */
static void hash_resolved(struct sha256_ctx *hash, const char *resolved)
{
    for (const char *line = resolved; *line != '\0';) {
        const size_t length = strcspn(line, "\n"), whole = length + (line[length] == '\n');
        if (strncmp(line, "replications: ", strlen("replications: ")) == 0) {
            sha256_update(hash, whole - length, (const uint8_t *)line + length);
        } else if (strncmp(line, "precision: ", strlen("precision: ")) != 0) {
            sha256_update(hash, whole, (const uint8_t *)line);
        }
        line += whole;
    }
    hash_text(hash, "");
}

void gw_identity_of(const struct gw_scenario *scenario, unsigned char identity[GW_IDENTITY_BYTES])
{
    struct sha256_ctx hash;
    const uint64_t numbers[] = {scenario->seed, scenario->population}; /* a network's file decides on the latter */
    sha256_init(&hash);
    hash_resolved(&hash, scenario->resolved);
    hash_text(&hash, gw_version());
    sha256_update(&hash, sizeof numbers, (const uint8_t *)numbers);
    sha256_digest(&hash, GW_IDENTITY_BYTES, identity);
}

#include "experiment/identity.h"

#include "experiment/provenance.h"

#include <nettle/sha2.h>
#include <string.h>

static void hash_text(struct sha256_ctx *hash, const char *text)
{
    sha256_update(hash, strlen(text) + 1, (const uint8_t *)text);
}

/* The resolved scenario but for its line "replications: N", which comes once and before all that others can name. */
static void hash_resolved(struct sha256_ctx *hash, const char *resolved)
{
    const char *line = strstr(resolved, "\nreplications: ");
    const size_t before = line == NULL ? 0 : (size_t)(line - resolved);
    sha256_update(hash, before, (const uint8_t *)resolved);
    hash_text(hash, line == NULL ? resolved : line + 1 + strcspn(line + 1, "\n"));
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

#include "experiment/outcomes.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare_outcomes(const void *a, const void *b)
{
    const struct gw_outcome *x = a, *y = b;
    if (x->setting != y->setting) {
        return x->setting < y->setting ? -1 : 1;
    }
    return (x->replication > y->replication) - (x->replication < y->replication);
}

struct gw_outcome *gw_outcomes_find(const struct gw_outcomes *outcomes, uint64_t setting, uint32_t replication)
{
    const struct gw_outcome wanted = {.setting = setting, .replication = replication};
    struct gw_outcome **found = tfind(&wanted, &outcomes->tree, compare_outcomes);
    return found == NULL ? NULL : *found;
}

struct gw_outcome *gw_outcomes_add(struct gw_outcomes *outcomes, uint64_t setting, uint32_t replication)
{
    struct gw_outcome *outcome = calloc(1, sizeof *outcome + outcomes->quantities * sizeof *outcome->value);
    if (outcome != NULL) {
        outcome->setting = setting;
        outcome->replication = replication;
        if (tsearch(outcome, &outcomes->tree, compare_outcomes) == NULL) {
            free(outcome);
            outcome = NULL;
        }
    }
    return outcome;
}

/* A journal's record: the setting, then the values. */
static size_t payload_bytes(const struct gw_outcomes *outcomes)
{
    return sizeof(uint64_t) + outcomes->quantities * sizeof(double);
}

static int from_journal(void *context, uint64_t replication, const void *payload, size_t bytes)
{
    struct gw_outcomes *outcomes = context;
    uint64_t setting;
    memcpy(&setting, payload, sizeof setting);
    if (gw_outcomes_find(outcomes, setting, (uint32_t)replication) != NULL) {
        return GW_OK;
    }
    struct gw_outcome *outcome = gw_outcomes_add(outcomes, setting, (uint32_t)replication);
    if (outcome == NULL) {
        return GW_REFUSED;
    }
    memcpy(outcome->value, (const unsigned char *)payload + sizeof setting, bytes - sizeof setting);
    outcome->state = GW_OUTCOME_KNOWN;
    return GW_OK;
}

static int append(struct gw_outcomes *outcomes, const struct gw_outcome *outcome, struct gw_error *error)
{
    const size_t bytes = payload_bytes(outcomes);
    unsigned char *payload = malloc(bytes);
    if (payload == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    memcpy(payload, &outcome->setting, sizeof outcome->setting);
    memcpy(payload + sizeof outcome->setting, outcome->value, bytes - sizeof outcome->setting);
    const int ret = gw_journal_append(outcomes->journal, outcome->replication, payload, bytes, error);
    free(payload);
    return ret;
}

int gw_outcomes_keep(struct gw_outcomes *outcomes, struct gw_outcome *outcome, struct gw_error *error)
{
    const int ret = outcomes->journal == NULL ? GW_OK : append(outcomes, outcome, error);
    outcome->state = ret == GW_OK ? GW_OUTCOME_KNOWN : GW_OUTCOME_OPEN;
    return ret;
}

int gw_outcomes_open(struct gw_outcomes *outcomes, const char *path, const unsigned char *identity, bool resume,
                     bool force, struct gw_error *error)
{
    struct gw_journal_header header = {.record_bytes = payload_bytes(outcomes)};
    memcpy(header.scenario, identity, sizeof header.scenario);
    if (resume) {
        return gw_journal_resume(&outcomes->journal, path, &header, from_journal, outcomes, error);
    }
    if (force && gw_journal_remove(path, error) != GW_OK) {
        return GW_IO;
    }
    return gw_journal_create(&outcomes->journal, path, &header, error);
}

int gw_outcomes_close(struct gw_outcomes *outcomes, struct gw_error *error)
{
    const int ret = gw_journal_close(outcomes->journal, error);
    tdestroy(outcomes->tree, free);
    *outcomes = (struct gw_outcomes){0};
    return ret;
}

#include "engine/audit.h"

#include "core/memory.h"
#include "engine/worker_private.h"
#include "scenario/catalogue.h"

#include <stdlib.h>
#include <string.h>

/* Who may write a region. */
enum permission {
    BY_NOBODY,    /* the engine's own */
    BY_OWN_BLOCK, /* the owner, the part of the block it works on */
    BY_ENTRY,     /* the same, where consumers and relations begin */
    BY_OWNER,     /* the owner, in steps on consumers */
    BY_OWN_FIRMS, /* the owner, in steps on firms */
    BY_ADDERS,    /* the owner and the rules that declare to add to it */
    BY_STEERERS,  /* rules that declare to steer it, in OPEN */
    BY_COUNTERS,  /* the owner, in any step */
    BY_POSTERS,   /* rules that declare postings */
    BY_PHASE      /* every rule, in one phase */
};

struct region {
    const char *kind, *name;
    const unsigned char *memory;
    size_t bytes, block_size, copy; /* copy: offset into `before` */
    enum permission permission;
    int owner; /* rule, -1 = the engine */
    int phase; /* BY_PHASE */
};

struct gw_audit {
    const struct gw_plan *plan;
    struct region *region;
    int regions, room;
    unsigned char *before;
    size_t bytes;
    struct gw_error found;
};

/* ---- The regions ------------------------------------------------------------------------------------------ */

static void add(struct gw_audit *audit, struct region region)
{
    if (audit->regions < audit->room) {
        region.copy = audit->bytes;
        audit->region[audit->regions] = region;
    }
    audit->bytes += region.bytes;
    audit->regions++;
}

static void add_engine(struct gw_audit *audit, const char *name, const void *memory, size_t bytes)
{
    add(audit, (struct region){.kind = "the", .name = name, .memory = memory, .bytes = bytes, .owner = -1});
}

static void add_of_phase(struct gw_audit *audit, const char *name, const void *memory, size_t bytes,
                         enum gw_phase phase)
{
    add(audit, (struct region){.kind = "the",
                               .name = name,
                               .memory = memory,
                               .bytes = bytes,
                               .permission = BY_PHASE,
                               .owner = -1,
                               .phase = (int)phase});
}

static void add_of_rule(struct gw_audit *audit, const char *name, const void *memory, size_t bytes, const char *rule)
{
    add(audit, (struct region){.kind = "the",
                               .name = name,
                               .memory = memory,
                               .bytes = bytes,
                               .permission = BY_OWNER,
                               .owner = gw_rule_find(rule)});
}

static void add_columns(struct gw_audit *audit, const struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    for (int c = 0; c < plan->columns; c++) {
        const struct gw_plan_column *column = &plan->column[c];
        struct region region = {.kind = "column", .name = column->column->name, .owner = column->rule};
        switch (column->column->shape) {
        case GW_PER_CONSUMER:
        case GW_PER_RELATION:
            region.memory = w->arena + column->offset;
            region.bytes = column->block_size * plan->blocks;
            region.block_size = column->block_size;
            region.permission = column->column->lasting ? BY_ENTRY : BY_OWN_BLOCK;
            break;
        case GW_PER_ENCOUNTER:
            region.memory = (const unsigned char *)(w->scratch + (size_t)column->scratch * GW_BLOCK);
            region.bytes = GW_BLOCK * sizeof *w->scratch;
            region.permission = BY_OWNER;
            break;
        case GW_PER_FIRM:
            region.memory = w->firm_state + column->offset;
            region.bytes = (size_t)plan->scenario->firms * gw_column_width(column->column) * sizeof(double);
            region.permission = BY_OWN_FIRMS;
            break;
        }
        add(audit, region);
    }
}

static void add_terms_and_tallies(struct gw_audit *audit, const struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    const size_t firms = (size_t)plan->scenario->firms;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_term *terms = plan->rules[r]->terms;
        for (int t = 0; terms != NULL && terms[t].name != NULL; t++) {
            const size_t slots = terms[t].shape == GW_TERM_RELATION ? (size_t)plan->relations : 1;
            const float *memory = w->terms + plan->term[plan->term_of_rule[r] + t].offset;
            add(audit, (struct region){.kind = "accumulator",
                                       .name = terms[t].name,
                                       .memory = (const unsigned char *)memory,
                                       .bytes = slots * GW_BLOCK * sizeof *memory,
                                       .permission = BY_ADDERS,
                                       .owner = r});
        }
    }
    for (int t = 0; t < plan->tallies; t++) {
        const struct gw_layout_tally *tally = &plan->tally[t];
        add(audit, (struct region){.kind = "tally",
                                   .name = tally->tally->name,
                                   .memory = (const unsigned char *)(w->tally + (size_t)tally->cell * firms),
                                   .bytes = (size_t)tally->labels * firms * sizeof *w->tally,
                                   .permission = BY_COUNTERS,
                                   .owner = tally->rule});
    }
    add(audit, (struct region){.kind = "the",
                               .name = "accounts",
                               .memory = (const unsigned char *)w->account,
                               .bytes = GW_ACCOUNTS * firms * sizeof *w->account,
                               .permission = BY_POSTERS,
                               .owner = -1});
    add_engine(audit, "tallies of the last period", w->tally_last, (size_t)plan->cells * firms * sizeof *w->tally);
}

static void add_lists(struct gw_audit *audit, const struct gw_worker *w)
{
    const struct gw_shoppers *s = w->shoppers;
    const struct gw_encounters *e = w->encounters;
    add_engine(audit, "list of shoppers", s, offsetof(struct gw_shoppers, first));
    add_of_rule(audit, "slots chosen", s->first, sizeof s->first + sizeof s->second, "choice");
    add_of_rule(audit, "shoppers who give up", s->gives_up, sizeof s->gives_up, "asking");
    add_engine(audit, "list of encounters", e, offsetof(struct gw_encounters, cap));
    add_of_phase(audit, "caps on purchases", e->cap, sizeof e->cap, GW_BUY);
    add_of_phase(audit, "occasions set apart", e->apart, sizeof e->apart, GW_FAIL);
    add_of_phase(audit, "last occasions", e->until, sizeof e->until, GW_LEAVE);
    add_of_phase(audit, "ends of relations", e->ended, sizeof e->ended, GW_LEAVE);
    add_of_phase(audit, "firms that ask for a slot", w->entries, sizeof *w->entries, GW_NEED);
    add_of_phase(audit, "messages told", w->tells, sizeof *w->tells, GW_TELL);
    add_of_phase(audit, "occasions", w->occasions, GW_BLOCK * sizeof *w->occasions, GW_NEED);
    add_of_phase(audit, "least occasions", w->at_least, GW_BLOCK * sizeof *w->at_least, GW_NEED);
}

static void add_values(struct gw_audit *audit, const struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    const size_t firms = (size_t)plan->scenario->firms, block = (size_t)plan->relations * GW_BLOCK;
    add_engine(audit, "messages heard", w->arena + w->columns.positive, 2 * w->columns.counter_bytes);
    add_engine(audit, "announcements received", w->arena + w->columns.announced,
               w->columns.firm_at - w->columns.announced);
    add_engine(audit, "firms of relations", w->arena + w->columns.firm_at, w->columns.candidate - w->columns.firm_at);
    add_engine(audit, "firms heard of", w->arena + w->columns.candidate, w->columns.end - w->columns.candidate);
    add_engine(audit, "slots of firms", w->every_firm, block * sizeof *w->every_firm);
    add_engine(audit, "announcements of nobody", w->unannounced, block * sizeof *w->unannounced);
    add_engine(audit, "cash flows of the last period", w->cash_flow, firms * sizeof *w->cash_flow);
    add_engine(audit, "market parameters", w->market, w->market_numbers * sizeof *w->market);
    add_engine(audit, "neutral values of rules that are off", w->neutral, w->neutral_bytes);
    for (int p = 0; p < gw_catalogue_size(); p++) {
        const struct gw_consumer_store *store = &w->store[p];
        const char *name = gw_catalogue_entry(p)->parameter->name;
        const size_t constants = (size_t)plan->scenario->segments * GW_BLOCK;
        struct region region = {.kind = "parameter", .name = name, .owner = gw_catalogue_entry(p)->rule};
        add(audit, (struct region){.kind = "lever",
                                   .name = name,
                                   .memory = (const unsigned char *)(w->lever + (size_t)p * firms),
                                   .bytes = firms * sizeof *w->lever,
                                   .permission = BY_STEERERS,
                                   .owner = -1});
        region.memory = (const unsigned char *)store->constant;
        region.bytes = store->constant == NULL ? 0 : constants * sizeof *store->constant;
        add(audit, region);
        region.memory = (const unsigned char *)store->column;
        region.bytes = store->column == NULL ? 0 : gw_worker_rows(plan) * sizeof *store->column;
        add(audit, region);
        region.memory = (const unsigned char *)store->mixed;
        region.bytes = store->mixed == NULL ? 0 : GW_BLOCK * sizeof *store->mixed;
        add(audit, region);
    }
}

/* Counts on the first call, when there is no room, and fills on the second. */
static void list_regions(struct gw_audit *audit, const struct gw_worker *w)
{
    audit->regions = 0;
    audit->bytes = 0;
    add_columns(audit, w);
    add_terms_and_tallies(audit, w);
    add_lists(audit, w);
    add_values(audit, w);
}

struct gw_audit *gw_audit_create(const struct gw_worker *w)
{
    struct gw_audit *audit = calloc(1, sizeof *audit);
    if (audit == NULL) {
        return NULL;
    }
    audit->plan = w->plan;
    list_regions(audit, w);
    audit->room = audit->regions;
    audit->region = calloc((size_t)audit->room, sizeof *audit->region);
    audit->before = malloc(audit->bytes);
    if (audit->region == NULL || audit->before == NULL) {
        gw_audit_free(audit);
        return NULL;
    }
    list_regions(audit, w);
    return audit;
}

void gw_audit_free(struct gw_audit *audit)
{
    if (audit != NULL) {
        free(audit->region);
        free(audit->before);
        free(audit);
    }
}

/* ---- Comparing -------------------------------------------------------------------------------------------- */

static bool among(const char *const *names, const char *name)
{
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool may_write(const struct gw_audit *audit, const struct region *region, int rule, int phase, int64_t block)
{
    const struct gw_rule *r = audit->plan->rules[rule];
    const bool owns = region->owner == rule;
    switch (region->permission) {
    case BY_NOBODY:
        return false;
    case BY_ENTRY:
        return owns && (phase == GW_AUDIT_START || phase == GW_NEED);
    case BY_OWN_BLOCK:
    case BY_OWNER:
        return owns && block != GW_AUDIT_FIRMS;
    case BY_OWN_FIRMS:
        return owns && block == GW_AUDIT_FIRMS;
    case BY_ADDERS:
        return owns || among(r->adds, region->name);
    case BY_STEERERS:
        return phase == GW_OPEN && among(r->steers, region->name);
    case BY_COUNTERS:
        return owns;
    case BY_POSTERS:
        return r->postings != NULL;
    case BY_PHASE:
        return phase == region->phase;
    }
    return false;
}

static void report(struct gw_audit *audit, const struct region *region, int rule)
{
    const struct gw_rule *const *rules = audit->plan->rules;
    const bool foreign = region->owner >= 0 && region->owner != rule;
    gw_fail(&audit->found, GW_FAILED, "rule %s wrote %s %s%s%s%s", rules[rule]->name, region->kind, region->name,
            foreign ? " of rule " : "", foreign ? rules[region->owner]->name : "",
            region->owner == rule ? " outside its block or phase" : "");
}

/* Compares all but the bytes [from, to) that may change, and takes the present state as the next one's before. */
static void compare(struct gw_audit *audit, const struct region *region, size_t from, size_t to, int rule)
{
    unsigned char *before = audit->before + region->copy;
    if (memcmp(before, region->memory, from) != 0 ||
        memcmp(before + to, region->memory + to, region->bytes - to) != 0) {
        report(audit, region, rule);
    }
    memcpy(before + from, region->memory + from, to - from);
}

void gw_audit_sync(struct gw_audit *audit)
{
    for (int i = 0; i < audit->regions; i++) {
        const struct region *region = &audit->region[i];
        if (region->bytes > 0) {
            memcpy(audit->before + region->copy, region->memory, region->bytes);
        }
    }
}

void gw_audit_step(struct gw_audit *audit, int rule, int phase, int64_t block)
{
    for (int i = 0; i < audit->regions; i++) {
        const struct region *region = &audit->region[i];
        const bool may = may_write(audit, region, rule, phase, block);
        const bool part = region->permission == BY_OWN_BLOCK || region->permission == BY_ENTRY;
        const size_t from = may && part ? (size_t)block * region->block_size : 0;
        const size_t to = !may ? 0 : part ? from + region->block_size : region->bytes;
        if (region->bytes > 0) {
            compare(audit, region, from, to, rule);
        }
    }
}

int gw_audit_result(const struct gw_audit *audit, struct gw_error *error)
{
    return audit->found.status == GW_OK ? GW_OK : gw_fail(error, audit->found.status, "%s", audit->found.text);
}

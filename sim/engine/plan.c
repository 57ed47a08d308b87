#include "engine/plan.h"

#include "core/memory.h"
#include "scenario/catalogue.h"

#include <stdlib.h>
#include <string.h>

/* ---- Counting descriptor arrays --------------------------------------------------------------------------- */

#define COUNT_NAMED(array, n)                                                                                        \
    do {                                                                                                             \
        (n) = 0;                                                                                                     \
        while ((array) != NULL && (array)[(n)].name != NULL) {                                                       \
            (n)++;                                                                                                   \
        }                                                                                                            \
    } while (0)

static int labels_of(const struct gw_tally *tally)
{
    int n = 0;
    while (tally->dimension != NULL && tally->dimension->labels[n] != NULL) {
        n++;
    }
    return tally->dimension == NULL ? 1 : n;
}

static int steps_of(const struct gw_rule *rule)
{
    int n = 0;
    while (rule->steps != NULL && (rule->steps[n].block != NULL || rule->steps[n].act != NULL)) {
        n++;
    }
    return n;
}

/* ---- Which rules are live --------------------------------------------------------------------------------- */

static bool number_is(const struct gw_number *number, double off)
{
    if (number->how == GW_LITERAL) {
        return number->value == off;
    }
    if (number->how != GW_SCHEDULE || number->schedule.start != off) {
        return false;
    }
    for (int c = 0; c < number->schedule.changes; c++) {
        if (number->schedule.change[c].to != off) {
            return false;
        }
    }
    return true;
}

/* Whether a parameter is at its off value for everybody, under every strategy. */
static bool parameter_off(const struct gw_scenario *scenario, int index, double off)
{
    for (int set = 0; set <= scenario->strategies; set++) {
        for (int k = 0; k < gw_parameter_width(scenario, index); k++) {
            if (!number_is(&gw_values_of_set(scenario, set)->number[index][k], off)) {
                return false;
            }
        }
    }
    return true;
}

static bool rule_is_off(const struct gw_scenario *scenario, const struct gw_rule *rule, int position)
{
    int parameters, with_off = 0;
    COUNT_NAMED(rule->parameters, parameters);
    for (int p = 0; p < parameters; p++) {
        const double off = rule->parameters[p].off;
        if (off != off) {
            continue; /* GW_NO_OFF */
        }
        with_off++;
        if (!parameter_off(scenario, gw_catalogue_of_rule(position, p), off)) {
            return false;
        }
    }
    return with_off > 0;
}

/* ---- Layout ----------------------------------------------------------------------------------------------- */

static size_t aligned(size_t bytes)
{
    return (bytes + GW_CACHE_LINE - 1) / GW_CACHE_LINE * GW_CACHE_LINE;
}

static void place_column(struct gw_plan *plan, struct gw_plan_column *c, const struct gw_column *column, int rule)
{
    const size_t rows = column->shape == GW_PER_RELATION ? (size_t)plan->relations * GW_BLOCK : GW_BLOCK;
    *c = (struct gw_plan_column){.column = column, .rule = rule, .scratch = -1};
    switch (column->shape) {
    case GW_PER_CONSUMER:
    case GW_PER_RELATION:
        c->block_size = rows * gw_column_width(column) * gw_type_size(column->type);
        /* One more cache line between columns staggers them over the sets of the cache. */
        c->offset = plan->arena_bytes;
        plan->arena_bytes += c->block_size * plan->blocks + GW_CACHE_LINE;
        break;
    case GW_PER_ENCOUNTER:
        c->scratch = plan->scratch_columns++;
        break;
    case GW_PER_FIRM:
        c->offset = plan->firm_bytes;
        plan->firm_bytes += aligned((size_t)plan->scenario->firms * gw_column_width(column) * sizeof(double));
        break;
    }
}

/* Whether any live rule names something in one of its lists. */
static bool any_live_names(const struct gw_plan *plan, const char *const *(*list_of)(const struct gw_rule *),
                           const char *name)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const char *const *names = plan->live[r] ? list_of(plan->rules[r]) : NULL;
        for (; names != NULL && *names != NULL; names++) {
            if (strcmp(*names, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static const char *const *adds_of(const struct gw_rule *rule)
{
    return rule->adds;
}

static const char *const *steers_of(const struct gw_rule *rule)
{
    return rule->steers;
}

bool gw_plan_steered(const struct gw_plan *plan, const char *lever)
{
    return any_live_names(plan, steers_of, lever);
}

static const char *const *watches_of(const struct gw_rule *rule)
{
    return rule->watches;
}

static void place_term(struct gw_plan *plan, struct gw_plan_term *t, const struct gw_term *term)
{
    const size_t slots = term->shape == GW_TERM_RELATION ? (size_t)plan->relations : 1;
    *t = (struct gw_plan_term){term, plan->term_floats, any_live_names(plan, adds_of, term->name)};
    plan->term_floats += slots * GW_BLOCK;
}

/* Counts first (fill = false), then fills arrays of the right size. Tallies and columns of rules that are off keep
 * their places in the report, so that what a run holds does not depend on what is switched on. */
static void lay_out(struct gw_plan *plan, bool fill)
{
    plan->columns = plan->terms = plan->tallies = plan->postings = plan->cells = 0;
    plan->term_floats = 0;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = plan->rules[r];
        int columns, terms, tallies, postings;
        COUNT_NAMED(rule->columns, columns);
        COUNT_NAMED(rule->terms, terms);
        COUNT_NAMED(rule->tallies, tallies);
        COUNT_NAMED(rule->postings, postings);
        if (fill) {
            plan->column_of_rule[r] = plan->columns;
            plan->term_of_rule[r] = plan->terms;
            plan->tally_of_rule[r] = plan->tallies;
            plan->posting_of_rule[r] = plan->postings;
            for (int t = 0; t < terms; t++) {
                place_term(plan, &plan->term[plan->terms + t], &rule->terms[t]);
            }
            for (int p = 0; p < postings; p++) {
                plan->posting[plan->postings + p] = &rule->postings[p];
            }
        }
        for (int c = 0; fill && plan->live[r] && c < columns; c++) {
            place_column(plan, &plan->column[plan->columns + c], &rule->columns[c], r);
        }
        for (int t = 0; t < tallies; t++) {
            const int labels = labels_of(&rule->tallies[t]);
            if (fill) {
                plan->tally[plan->tallies + t] = (struct gw_layout_tally){&rule->tallies[t], r, plan->cells, labels};
                plan->tally_cell[plan->tallies + t] = plan->cells;
                plan->watched[plan->tallies + t] = any_live_names(plan, watches_of, rule->tallies[t].name);
            }
            plan->cells += labels;
        }
        plan->columns += plan->live[r] ? columns : 0;
        plan->terms += terms;
        plan->tallies += tallies;
        plan->postings += postings;
    }
}

/* `terms` of rules without accumulators, then of those whose own may be complete by then, then all other steps. */
enum turn { TERMS_FIRST, TERMS_OF_OWNERS, PLAIN, TURNS };

static enum turn turn_of(const struct gw_rule *rule, const struct gw_step *step)
{
    return step->kind != GW_TERMS ? PLAIN : rule->terms != NULL ? TERMS_OF_OWNERS : TERMS_FIRST;
}

/* Steps by phase and turn, each in the order of rule names (the order of the registry). */
static void order_steps(struct gw_plan *plan)
{
    int n = 0;
    for (int phase = 0; phase < GW_PHASES; phase++) {
        plan->first[phase] = n;
        for (int turn = 0; turn < TURNS; turn++) {
            plan->first_plain[phase] = n;
            for (int i = 0; i < gw_rule_count; i++) {
                /* Sums in float32 depend on their order: that of `terms` stays. */
                const int r = plan->options.reverse_order && turn == PLAIN ? gw_rule_count - 1 - i : i;
                for (int s = 0; plan->live[r] && s < steps_of(plan->rules[r]); s++) {
                    const struct gw_step *step = &plan->rules[r]->steps[s];
                    if ((int)step->phase == phase && (int)turn_of(plan->rules[r], step) == turn) {
                        plan->step[n++] = (struct gw_plan_step){r, step};
                    }
                }
            }
        }
    }
    plan->first[GW_PHASES] = n;
}

/* ---- Checks on the rules themselves: these are faults of a rule's author, found at the first run ---------- */

static int rule_of_column(const struct gw_plan *plan, const char *name)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_column *column = plan->rules[r]->columns;
        for (int c = 0; column != NULL && column[c].name != NULL; c++) {
            if (strcmp(column[c].name, name) == 0) {
                return r;
            }
        }
    }
    return -1;
}

static int check_reads(const struct gw_plan *plan, int r, struct gw_error *error)
{
    const struct gw_rule *rule = plan->rules[r];
    for (int i = 0; rule->reads != NULL && rule->reads[i] != NULL; i++) {
        const int owner = rule_of_column(plan, rule->reads[i]);
        if (owner < 0) {
            return gw_fail(error, GW_FAILED, "rule %s reads column %s, which no rule owns", rule->name,
                           rule->reads[i]);
        }
    }
    return GW_OK;
}

static int check_adds_and_streams(const struct gw_plan *plan, int r, struct gw_error *error)
{
    const struct gw_rule *rule = plan->rules[r];
    for (int i = 0; rule->adds != NULL && rule->adds[i] != NULL; i++) {
        if (gw_plan_term_find(plan, rule->adds[i]) < 0) {
            return gw_fail(error, GW_FAILED, "rule %s adds to %s, which no rule owns", rule->name, rule->adds[i]);
        }
    }
    for (int i = 0; rule->streams != NULL && rule->streams[i] != NULL; i++) {
        if (gw_rule_find(rule->streams[i]) < 0) {
            return gw_fail(error, GW_FAILED, "rule %s repeats draws of %s, which is no rule", rule->name,
                           rule->streams[i]);
        }
    }
    return GW_OK;
}

static int check_rules(const struct gw_plan *plan, struct gw_error *error)
{
    for (int r = 0; r < gw_rule_count; r++) {
        int ret = check_reads(plan, r, error);
        ret = ret == GW_OK ? check_adds_and_streams(plan, r, error) : ret;
        if (ret != GW_OK) {
            return ret;
        }
    }
    return GW_OK;
}

/* ---- Network ---------------------------------------------------------------------------------------------- */

bool gw_plan_shares_network(const struct gw_plan *plan)
{
    return !plan->scenario->network.per_replication;
}

size_t gw_plan_network_bytes(const struct gw_plan *plan)
{
    const struct gw_scenario *scenario = plan->scenario;
    if (plan->network != NULL) {
        return gw_network_bytes(plan->network->vertices, plan->network->arcs);
    }
    return gw_plan_shares_network(plan) ? gw_connect_bytes(&scenario->network, scenario->population) : 0;
}

int gw_plan_connect(struct gw_plan *plan, struct gw_error *error)
{
    const struct gw_scenario *scenario = plan->scenario;
    if (plan->network != NULL || !gw_plan_shares_network(plan)) {
        return GW_OK;
    }
    return gw_connect(&plan->network, &scenario->network, scenario->population, plan->network_key, error);
}

/* ---- Create, free, find ----------------------------------------------------------------------------------- */

static bool allocate(struct gw_plan *plan)
{
    const size_t rules = (size_t)gw_rule_count;
    size_t steps = 1;
    for (int r = 0; r < gw_rule_count; r++) {
        steps += (size_t)steps_of(plan->rules[r]);
    }
    plan->column_of_rule = calloc(rules, sizeof(int));
    plan->term_of_rule = calloc(rules, sizeof(int));
    plan->tally_of_rule = calloc(rules, sizeof(int));
    plan->posting_of_rule = calloc(rules, sizeof(int));
    plan->step = calloc(steps, sizeof *plan->step);
    lay_out(plan, false);
    plan->column = calloc((size_t)plan->columns + 1, sizeof *plan->column);
    plan->term = calloc((size_t)plan->terms + 1, sizeof *plan->term);
    plan->watched = calloc((size_t)plan->tallies + 1, sizeof *plan->watched);
    plan->tally = calloc((size_t)plan->tallies + 1, sizeof *plan->tally);
    plan->tally_cell = calloc((size_t)plan->tallies + 1, sizeof *plan->tally_cell);
    plan->posting = calloc((size_t)plan->postings + 1, sizeof *plan->posting);
    return plan->column_of_rule != NULL && plan->term_of_rule != NULL && plan->tally_of_rule != NULL &&
           plan->posting_of_rule != NULL && plan->step != NULL && plan->column != NULL && plan->term != NULL &&
           plan->tally != NULL && plan->tally_cell != NULL && plan->posting != NULL && plan->watched != NULL;
}

int gw_plan_create(struct gw_plan **plan, const struct gw_scenario *scenario, struct gw_plan_options options,
                   struct gw_error *error)
{
    int ret = GW_REFUSED;
    struct gw_plan *p = calloc(1, sizeof *p);
    *plan = p;
    if (p == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    p->scenario = scenario;
    p->options = options;
    p->network_key = gw_key_make(scenario->seed, 0, gw_name_hash("network"));
    p->rules = gw_rules(options.isa);
    p->relations = scenario->relations;
    p->every_firm = scenario->relations == scenario->firms;
    p->blocks = (uint32_t)(((uint64_t)scenario->population + GW_BLOCK - 1) / GW_BLOCK);
    p->live = calloc((size_t)gw_rule_count, sizeof *p->live);
    if (p->live == NULL) {
        goto out;
    }
    for (int r = 0; r < gw_rule_count; r++) {
        p->live[r] = options.keep_off_rules || !rule_is_off(scenario, p->rules[r], r);
        p->announces |= p->live[r] && p->rules[r]->announces;
    }
    if (!allocate(p)) {
        goto out;
    }
    lay_out(p, true);
    order_steps(p);
    ret = check_rules(p, error);
    ret = ret == GW_OK ? gw_plan_check_values(p, error) : ret;
    if (ret == GW_OK && scenario->reduction.control_variates) {
        ret = gw_controls_list(&p->controls, scenario, p->live, error);
    }
    if (ret == GW_OK) {
        p->pool.lent = options.tables;
        ret = gw_world_fill_pool(&p->pool, scenario, error);
    }
    /* How large an edge list is shows only when it is read. */
    if (ret == GW_OK && (!options.connect_later || scenario->network.kind == GW_NETWORK_EDGE_LIST)) {
        ret = gw_plan_connect(p, error);
    }
out:
    if (ret != GW_OK) {
        gw_fail(error, ret, "out of memory");
        gw_plan_free(p);
        *plan = NULL;
    }
    return ret;
}

void gw_plan_free(struct gw_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    gw_network_free(plan->network);
    gw_pool_free(&plan->pool);
    free(plan->live);
    gw_controls_free(&plan->controls);
    free(plan->column_of_rule);
    free(plan->term_of_rule);
    free(plan->tally_of_rule);
    free(plan->posting_of_rule);
    free(plan->step);
    free(plan->column);
    free(plan->term);
    free(plan->watched);
    free(plan->tally);
    free(plan->tally_cell);
    free((void *)plan->posting);
    free(plan);
}

int gw_plan_column_find(const struct gw_plan *plan, const char *name)
{
    for (int c = 0; c < plan->columns; c++) {
        if (strcmp(plan->column[c].column->name, name) == 0) {
            return c;
        }
    }
    return -1;
}

int gw_plan_term_find(const struct gw_plan *plan, const char *name)
{
    for (int t = 0; t < plan->terms; t++) {
        if (strcmp(plan->term[t].term->name, name) == 0) {
            return t;
        }
    }
    return -1;
}

int gw_plan_tally_find(const struct gw_plan *plan, const char *name)
{
    for (int t = 0; t < plan->tallies; t++) {
        if (strcmp(plan->tally[t].tally->name, name) == 0) {
            return t;
        }
    }
    return -1;
}

void gw_plan_layout(const struct gw_plan *plan, struct gw_layout *layout)
{
    gw_layout_make(layout, plan->scenario, plan->tally, plan->tallies, plan->cells);
    layout->controls = plan->controls.n;
    layout->control = plan->controls.control;
    layout->words += (size_t)plan->controls.n;
}

#include "lab.h"

#include "outcome/results.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

static int keep(void *context, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    struct lab *lab = context;
    lab->record[replication] = malloc(lab->layout.words * sizeof *record);
    if (lab->record[replication] == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    memcpy(lab->record[replication], record, lab->layout.words * sizeof *record);
    return GW_OK;
}

static struct lab *run(struct lab *lab, struct lab_options options)
{
    struct gw_error error = {0};
    const struct gw_plan_options plan_options = {.isa = options.portable ? GW_ISA_PORTABLE : gw_isa_best(),
                                                 .keep_off_rules = options.keep_off_rules,
                                                 .audit_writes = options.audit_writes,
                                                 .reverse_order = options.reverse_order};
    must(gw_world_size(lab->scenario, &error), &error);
    lab->scenario->keep_firms = true;
    must(gw_plan_create(&lab->plan, lab->scenario, plan_options, &error), &error);
    gw_plan_layout(lab->plan, &lab->layout);
    lab->record = calloc(lab->scenario->replications, sizeof *lab->record);
    assert_non_null(lab->record);
    const struct gw_monte_carlo monte_carlo = {
        .plan = lab->plan, .threads = options.threads > 0 ? options.threads : 1, .finished = keep, .context = lab};
    must(gw_monte_carlo_run(&monte_carlo, &error), &error);
    return lab;
}

static struct lab *fresh(void)
{
    struct lab *lab = calloc(1, sizeof *lab);
    assert_non_null(lab);
    gsl_set_error_handler_off();
    return lab;
}

static size_t count(const char *const *overrides)
{
    size_t n = 0;
    while (overrides != NULL && overrides[n] != NULL) {
        n++;
    }
    return n;
}

struct lab *lab_run_with(const char *yaml, struct lab_options options)
{
    struct gw_error error = {0};
    struct lab *lab = fresh();
    must(gw_scenario_parse(&lab->scenario, yaml, strlen(yaml), "lab.yaml", ".", options.overrides,
                           count(options.overrides), &error),
         &error);
    return run(lab, options);
}

struct lab *lab_run(const char *yaml)
{
    return lab_run_with(yaml, (struct lab_options){0});
}

struct lab *lab_run_file(const char *path, const char *const *overrides, struct lab_options options)
{
    struct gw_error error = {0};
    struct lab *lab = fresh();
    must(gw_scenario_load(&lab->scenario, path, overrides, count(overrides), &error), &error);
    return run(lab, options);
}

void lab_free(struct lab *lab)
{
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        free(lab->record[r]);
    }
    free(lab->record);
    gw_plan_free(lab->plan);
    gw_scenario_free(lab->scenario);
    free(lab);
}

int64_t lab_cell(const struct lab *lab, int strategy, uint32_t replication, uint32_t period, const char *tally,
                 int label, int firm)
{
    const int t = gw_layout_find(&lab->layout, tally);
    if (t < 0) {
        fail_msg("no tally %s", tally);
    }
    return gw_record_cell(&lab->layout, lab->record[replication], strategy, period, firm,
                          lab->layout.tally[t].cell + label);
}

int64_t lab_sum(const struct lab *lab, int strategy, uint32_t replication, const char *tally, int label, int firm)
{
    int64_t sum = 0;
    for (uint32_t t = 0; t < lab->layout.periods; t++) {
        sum += lab_cell(lab, strategy, replication, t, tally, label, firm);
    }
    return sum;
}

int64_t lab_total(const struct lab *lab, int strategy, const char *tally, int label, int firm)
{
    int64_t sum = 0;
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        sum += lab_sum(lab, strategy, r, tally, label, firm);
    }
    return sum;
}

int64_t lab_account(const struct lab *lab, int strategy, uint32_t replication, uint32_t period,
                    enum gw_account account, int firm)
{
    return gw_record_account(&lab->layout, lab->record[replication], strategy, period, firm, account);
}

void lab_mean(const struct lab *lab, int strategy, const char *tally, int label, int firm, double *mean,
              double *standard_error)
{
    const uint32_t n = lab->scenario->replications;
    double sum = 0.0, squares = 0.0;
    for (uint32_t r = 0; r < n; r++) {
        const double x = (double)lab_sum(lab, strategy, r, tally, label, firm);
        sum += x;
        squares += x * x;
    }
    *mean = sum / n;
    *standard_error = n > 1 ? sqrt((squares - sum * sum / n) / (n - 1.0) / n) : NAN;
}

/* What stands at a word of a record. */
static void name_word(const struct gw_layout *layout, size_t word, char text[200])
{
    const size_t strategy = word / layout->strategy_words;
    const size_t segments = (size_t)layout->segments * layout->segment_words;
    const size_t valuation = layout->strategy_words - layout->periods * layout->period_words - segments;
    const int64_t in_strategy = (int64_t)(word % layout->strategy_words) - (int64_t)valuation;
    if (in_strategy < 0) {
        snprintf(text, 200, "strategy %zu: valuation", strategy);
        return;
    }
    if ((size_t)in_strategy >= layout->periods * layout->period_words) {
        snprintf(text, 200, "strategy %zu: segments", strategy);
        return;
    }
    const size_t period = (size_t)in_strategy / layout->period_words, at = (size_t)in_strategy % layout->period_words;
    const int cells = layout->cells + GW_ACCOUNTS, firm = (int)at / cells, cell = (int)at % cells;
    const char *name = firm >= layout->kept    ? "purchases of all firms"
                       : cell >= layout->cells ? gw_account_names[cell - layout->cells]
                                               : "";
    for (int t = 0; *name == '\0' && t < layout->tallies; t++) {
        const struct gw_layout_tally *tally = &layout->tally[t];
        name = cell >= tally->cell && cell < tally->cell + tally->labels ? tally->tally->name : name;
    }
    snprintf(text, 200, "strategy %zu, period %zu, firm %d: %s", strategy, period, firm, name);
}

bool lab_same(const struct lab *a, const struct lab *b, char difference[200])
{
    assert_int_equal(a->layout.words, b->layout.words);
    assert_int_equal(a->scenario->replications, b->scenario->replications);
    for (uint32_t r = 0; r < a->scenario->replications; r++) {
        for (size_t w = 0; w < a->layout.words; w++) {
            if (a->record[r][w] != b->record[r][w]) {
                name_word(&a->layout, w, difference);
                return false;
            }
        }
    }
    return true;
}

void lab_fingerprint(const struct lab *lab, char hex[65])
{
    struct gw_error error = {0};
    struct gw_dataset *dataset = NULL;
    const uint32_t n = lab->scenario->replications;
    uint32_t *replication = calloc(n, sizeof *replication);
    assert_non_null(replication);
    for (uint32_t r = 0; r < n; r++) {
        replication[r] = r;
    }
    must(gw_results_create(&dataset, lab->scenario, &lab->layout, replication, (const int64_t *const *)lab->record, n,
                           &error),
         &error);
    must(gw_dataset_fingerprint(dataset, hex, &error), &error);
    gw_dataset_free(dataset);
    free(replication);
}

#include "experiment/watch.h"

#include "analysis/stopping.h"
#include "core/memory.h"
#include "outcome/expression.h"
#include "outcome/reduced.h"
#include "outcome/results.h"
#include "scenario/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)GW_LEAST_FOR_PRECISION == (int)GW_STOPPING_LEAST, "one least number");

/* A number per replication: a measure, or its difference to the first strategy. */
struct quantity {
    char *measure;
    size_t strategy; /* what `each` stands for; GW_NO_STRATEGY: the measure names its own */
    bool difference;
    double *value; /* [most] */
};

struct gw_watch {
    const struct gw_scenario *scenario;
    const struct gw_layout *layout;
    struct gw_stopping rule;
    char *asked; /* all that is asked, "company_value; nps" */
    size_t quantities;
    struct quantity *quantity;
    struct gw_reduced reduced;
    double *control; /* [layout->controls][most] */
    uint8_t *known;  /* [most] */
    uint32_t first;  /* replications 0 ... first - 1 are all known */
    struct gw_stop stop;
};

/* A quantity's name, which is meant of every strategy; anything else is a measure. */
static bool is_name(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789")] == '\0';
}

static bool add_quantity(struct gw_watch *w, const char *text, size_t strategy, bool difference)
{
    struct quantity *q = &w->quantity[w->quantities];
    const size_t room = strlen(text) + sizeof "each.";
    *q = (struct quantity){.measure = malloc(room), .strategy = strategy, .difference = difference};
    q->value = gw_alloc(w->rule.most, sizeof *q->value);
    w->quantities++;
    if (q->measure == NULL || q->value == NULL) {
        return false;
    }
    (void)snprintf(q->measure, room, "%s%s", strategy == GW_NO_STRATEGY ? "" : "each.", text);
    return true;
}

static bool add_quantities(struct gw_watch *w)
{
    const struct gw_precision *p = &w->scenario->precision;
    const size_t strategies = (size_t)w->scenario->strategies;
    bool done = true;
    for (int i = 0; i < p->asked; i++) {
        if (!is_name(p->of[i])) {
            done = done && add_quantity(w, p->of[i], GW_NO_STRATEGY, false);
            continue;
        }
        for (size_t s = 0; s < strategies && done; s++) {
            done = add_quantity(w, p->of[i], s, false) && (s == 0 || add_quantity(w, p->of[i], s, true));
        }
    }
    return done;
}

static int read_measure(const struct quantity *q, const struct gw_dataset *dataset, size_t strategy, double *value,
                        struct gw_error *error)
{
    struct gw_estimate estimate;
    struct gw_error own = {0};
    const struct gw_expression_place place = {strategy, -1};
    const int ret = gw_expression_estimate(q->measure, dataset, place, 0.95, &estimate, &own);
    *value = estimate.mean;
    return ret == GW_OK ? GW_OK : gw_fail(error, ret, "precision.of: %s", own.text);
}

static int read_quantity(const struct quantity *q, const struct gw_dataset *dataset, double *value,
                         struct gw_error *error)
{
    double first = 0.0;
    int ret = read_measure(q, dataset, q->strategy, value, error);
    if (ret == GW_OK && q->difference) {
        ret = read_measure(q, dataset, 0, &first, error);
    }
    *value -= first;
    return ret;
}

/* "company_value; nps" */
static char *all_asked(const struct gw_precision *p)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; out != NULL && i < p->asked; i++) {
        (void)fprintf(out, "%s%s", i > 0 ? "; " : "", p->of[i]);
    }
    if (out != NULL && fclose(out) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}

/* All quantities of one replication. */
static int read_all(const struct gw_watch *w, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    struct gw_dataset *dataset = NULL;
    int ret = gw_results_create_for(&dataset, w->asked, w->scenario, w->layout, &replication, &record, 1, error);
    for (int c = 0; c < w->layout->controls; c++) {
        w->control[(size_t)c * w->rule.most + replication] = gw_record_control(w->layout, record, c);
    }
    for (size_t q = 0; q < w->quantities && ret == GW_OK; q++) {
        ret = read_quantity(&w->quantity[q], dataset, &w->quantity[q].value[replication], error);
    }
    gw_dataset_free(dataset);
    return ret;
}

static int try_all(const struct gw_watch *w, struct gw_error *error)
{
    int64_t *record = gw_alloc(w->layout->words, sizeof *record);
    if (record == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    const int ret = read_all(w, 0, record, error);
    gw_free(record);
    return ret;
}

int gw_watch_open(struct gw_watch **watch, const struct gw_scenario *scenario, const struct gw_layout *layout,
                  struct gw_error *error)
{
    const struct gw_precision *p = &scenario->precision;
    const uint32_t most = p->most < scenario->replications ? p->most : scenario->replications;
    const uint32_t least = p->least < most ? p->least : most;
    struct gw_watch *w = calloc(1, sizeof *w);
    *watch = w;
    if (w == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    w->scenario = scenario;
    w->layout = layout;
    w->rule = (struct gw_stopping){.half_width = p->relative ? p->half_width / 100.0 : p->half_width,
                                   .relative = p->relative,
                                   .least = least,
                                   .most = most};
    w->asked = all_asked(p);
    w->quantity = calloc(2 * (size_t)p->asked * (size_t)scenario->strategies, sizeof *w->quantity);
    w->known = gw_alloc(most, 1);
    w->control = gw_alloc((size_t)layout->controls * most + 1, sizeof *w->control);
    w->reduced = (struct gw_reduced){.pairs = scenario->reduction.antithetic,
                                     .controls = (size_t)layout->controls,
                                     .stride = most,
                                     .control = w->control};
    int ret = w->asked == NULL || w->quantity == NULL || w->known == NULL || w->control == NULL || !add_quantities(w)
                  ? gw_fail(error, GW_REFUSED, "out of memory for the asked quantities")
                  : try_all(w, error);
    if (ret != GW_OK) {
        gw_watch_free(w);
        *watch = NULL;
    }
    return ret;
}

void gw_watch_free(struct gw_watch *w)
{
    if (w != NULL) {
        for (size_t q = 0; q < w->quantities; q++) {
            free(w->quantity[q].measure);
            gw_free(w->quantity[q].value);
        }
        free(w->quantity);
        gw_free(w->known);
        gw_free(w->control);
        free(w->asked);
        free(w);
    }
}

/* The interval of a quantity over the first n replications. */
static struct gw_width width_over(void *context, size_t quantity, uint32_t n)
{
    const struct gw_watch *w = context;
    const double level = w->scenario->precision.confidence;
    const struct gw_estimate e = gw_reduced_mean(&w->reduced, w->quantity[quantity].value, n, level);
    return (struct gw_width){e.mean, e.n < w->rule.least ? NAN : (e.high - e.low) / 2.0};
}

int gw_watch_add(struct gw_watch *w, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    const struct gw_widths widths = {w->quantities, width_over, w};
    const int ret = read_all(w, replication, record, error);
    if (ret != GW_OK) {
        return ret;
    }
    w->known[replication] = 1;
    while (w->first < w->rule.most && w->known[w->first] != 0) {
        w->first++;
    }
    gw_stopping_judge(&w->rule, &widths, w->first, &w->stop);
    return GW_OK;
}

uint32_t gw_watch_enough(const struct gw_watch *w)
{
    return w->stop.n;
}

uint32_t gw_watch_forecast(const struct gw_watch *w)
{
    return gw_stopping_forecast(&w->rule, &w->stop);
}

/* ---- What was reached --------------------------------------------------------------------------------------- */

/* "cut.company_value - status_quo.company_value"; release with free(). */
static char *name_of(const struct gw_watch *w, const struct quantity *q)
{
    char *name = NULL;
    size_t size;
    FILE *out = open_memstream(&name, &size);
    if (out == NULL) {
        return NULL;
    }
    if (q->strategy == GW_NO_STRATEGY) {
        (void)fputs(q->measure, out);
    } else {
        const char *of = q->measure + strlen("each");
        (void)fprintf(out, "%s%s", w->scenario->strategy[q->strategy].name, of);
        if (q->difference) {
            (void)fprintf(out, " - %s%s", w->scenario->strategy[0].name, of);
        }
    }
    if (fclose(out) != 0) {
        free(name);
        return NULL;
    }
    return name;
}

static bool add_number(struct gw_dataset *dataset, const char *name, double x, const char *unit)
{
    char number[GW_NUMBER_TEXT], text[GW_NUMBER_TEXT + 2];
    (void)snprintf(text, sizeof text, "%s%s", gw_number_text(number, x), unit);
    return gw_dataset_add_attribute(dataset, name, text) >= 0;
}

int gw_watch_describe(const struct gw_watch *w, struct gw_dataset *dataset, struct gw_error *error)
{
    const struct gw_precision *p = &w->scenario->precision;
    char *widest = name_of(w, &w->quantity[w->stop.widest]);
    const bool done =
        widest != NULL && add_number(dataset, "precision", p->half_width, p->relative ? "%" : "") &&
        add_number(dataset, "precision_confidence", p->confidence, "") &&
        add_number(dataset, "precision_least", p->least, "") && add_number(dataset, "precision_most", p->most, "") &&
        gw_dataset_add_attribute(dataset, "precision_of", w->asked) >= 0 &&
        gw_dataset_add_attribute(dataset, "precision_reached", w->stop.reached ? "true" : "false") >= 0 &&
        gw_dataset_add_attribute(dataset, "precision_widest", widest) >= 0 &&
        add_number(dataset, "precision_mean", w->stop.width.mean, "") &&
        add_number(dataset, "precision_half_width", w->stop.width.half_width, "");
    free(widest);
    return done ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory for what was reached");
}

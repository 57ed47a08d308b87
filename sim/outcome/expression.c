#include "outcome/expression.h"

#include "outcome/quantity.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <muParserDLL.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_QUANTITIES = 32, NAME_BYTES = 200, MOST_PARTS = 8 };

/* A quantity of the expression: its value in every replication, and the number the parser reads. */
struct operand {
    char name[NAME_BYTES];
    double *value; /* [replications] */
    double read;
};

struct evaluation {
    const struct gw_dataset *dataset;
    struct gw_expression_place place;
    const char *expression;
    struct operand operand[MOST_QUANTITIES];
    int operands;
    size_t replications;
    struct gw_error *error;
    bool failed;
    double nothing; /* what the parser is given after a failure */
};

/* ---- One quantity out of the dataset ----------------------------------------------------------------------- */

enum reading { READ_NONE, READ_TOTAL, READ_MEAN, READ_FIRST, READ_LAST, READ_LAST_YEAR };

/* Where in an array a quantity is read: a position per axis, or all of them. */
struct selection {
    const struct gw_array *array;
    long fixed[GW_MAX_DIMS];   /* position on the axis, or -1: all are summed */
    int strategy, replication; /* dimensions of these */
    int time;                  /* dimension of periods or years, or -1 */
    enum reading reading;
    size_t from, until; /* along time */
};

static int complain(struct evaluation *e, const char *what, const char *name)
{
    e->failed = true;
    return gw_fail(e->error, GW_BAD_INPUT, "measure '%s': %s '%s'", e->expression, what, name);
}

static const struct gw_axis *axis_of(const struct evaluation *e, const struct gw_array *array, int dimension)
{
    return &e->dataset->axis[array->axis[dimension]];
}

static bool is_time(const struct gw_axis *axis)
{
    return strcmp(axis->name, "period") == 0 || strcmp(axis->name, "year") == 0;
}

static long position_of(const struct gw_axis *axis, const char *label)
{
    for (size_t i = 0; i < axis->length; i++) {
        char number[32];
        (void)snprintf(number, sizeof number, "%lld",
                       axis->values == NULL ? (long long)i : (long long)axis->values[i]);
        if (strcmp(axis->labels != NULL ? axis->labels[i] : number, label) == 0) {
            return (long)i;
        }
    }
    return -1;
}

static enum reading reading_of(const char *word)
{
    static const char *const words[] = {"", "total", "mean", "first", "last", "last_year"};
    for (int w = READ_TOTAL; w <= READ_LAST_YEAR; w++) {
        if (strcmp(words[w], word) == 0) {
            return (enum reading)w;
        }
    }
    return READ_NONE;
}

/* A label fixes the first axis that has it and is not fixed yet. */
static int fix_label(struct evaluation *e, struct selection *s, const char *label)
{
    for (int d = 0; d < s->array->dims; d++) {
        const long position = d == s->time || d == s->replication || s->fixed[d] >= 0
                                  ? -1
                                  : position_of(axis_of(e, s->array, d), label);
        if (position >= 0) {
            s->fixed[d] = position;
            return GW_OK;
        }
    }
    return complain(e, "there is no label or reading", label);
}

static size_t periods_of_last_year(const struct evaluation *e, size_t length)
{
    const char *text = gw_dataset_attribute(e->dataset, "years");
    const double years = text == NULL ? NAN : strtod(text, NULL);
    const double periods = floor(1.0 / years + 0.5);
    return periods >= 1.0 && periods < (double)length ? (size_t)periods : length;
}

/* The span of time that is read. */
static int set_span(struct evaluation *e, struct selection *s, const char *name)
{
    const size_t length = s->time < 0 ? 1 : axis_of(e, s->array, s->time)->length;
    s->from = 0;
    s->until = length;
    if (s->time < 0) {
        return s->reading == READ_NONE ? GW_OK : complain(e, "this has one value, it needs no reading:", name);
    }
    if (s->reading == READ_NONE && e->place.period < 0) {
        return complain(e, "a series needs a reading (total, mean, first, last, last_year):", name);
    }
    if (s->reading == READ_NONE) {
        s->from = (size_t)e->place.period < length ? (size_t)e->place.period : length - 1;
        s->until = s->from + 1;
    } else if (s->reading == READ_FIRST) {
        s->until = 1;
    } else if (s->reading == READ_LAST) {
        s->from = length - 1;
    } else if (s->reading == READ_LAST_YEAR) {
        s->from = length - periods_of_last_year(e, length);
    }
    return GW_OK;
}

/* The dimensions of an array; those of arrays over all firms come in another order. */
static void set_dimensions(const struct evaluation *e, struct selection *s)
{
    s->strategy = s->replication = s->time = -1;
    for (int d = 0; d < s->array->dims && d < GW_MAX_DIMS; d++) {
        const struct gw_axis *axis = axis_of(e, s->array, d);
        s->fixed[d] = -1;
        s->strategy = strcmp(axis->name, "strategy") == 0 ? d : s->strategy;
        s->replication = strcmp(axis->name, "replication") == 0 ? d : s->replication;
        s->time = is_time(axis) ? d : s->time;
    }
}

static int find_array(struct evaluation *e, struct selection *s, const char *strategy, const char *array)
{
    const int position = gw_label_position(e->dataset, "strategy", strategy);
    const size_t which = strcmp(strategy, "each") == 0 ? e->place.strategy : (size_t)position;
    if (which == GW_NO_STRATEGY) {
        return complain(e, "there is no strategy", strategy);
    }
    s->array = gw_dataset_array(e->dataset, array);
    if (s->array != NULL) {
        set_dimensions(e, s);
    }
    if (s->array == NULL || s->array->data == NULL || s->strategy < 0 || s->replication < 0) {
        return complain(e, "the results have no quantity", array);
    }
    s->fixed[s->strategy] = (long)which;
    return GW_OK;
}

/* "STRATEGY.ARRAY[.LABEL...][.READING]" */
static int select_quantity(struct evaluation *e, const char *name, struct selection *s)
{
    char copy[NAME_BYTES], *part[MOST_PARTS], *rest = NULL;
    int parts = 0;
    (void)snprintf(copy, sizeof copy, "%s", name);
    for (char *p = strtok_r(copy, ".", &rest); p != NULL && parts < MOST_PARTS; p = strtok_r(NULL, ".", &rest)) {
        part[parts++] = p;
    }
    if (parts < 2) {
        return complain(e, "expected STRATEGY.QUANTITY, got", name);
    }
    int ret = find_array(e, s, part[0], part[1]);
    for (int p = 2; p < parts && ret == GW_OK; p++) {
        const enum reading reading = reading_of(part[p]);
        if (reading != READ_NONE && s->reading == READ_NONE) {
            s->reading = reading;
        } else {
            ret = fix_label(e, s, part[p]);
        }
    }
    return ret == GW_OK ? set_span(e, s, name) : ret;
}

static double element(const struct gw_array *array, size_t i)
{
    return array->type == GW_INT64 ? (double)array->integers[i] : array->reals[i];
}

/* Sum over what is selected of one replication; `before` is the position in the dimensions before this one. */
static double sum_selected(const struct evaluation *e, const struct selection *s, size_t replication, int dimension,
                           size_t before)
{
    if (dimension == s->array->dims || dimension == GW_MAX_DIMS) {
        return element(s->array, before);
    }
    const size_t length = axis_of(e, s->array, dimension)->length;
    size_t from = 0, until = length;
    if (dimension == s->time) {
        from = s->from;
        until = s->until;
    } else if (dimension == s->replication) {
        from = replication;
        until = from + 1;
    } else if (s->fixed[dimension] >= 0) {
        from = (size_t)s->fixed[dimension];
        until = from + 1;
    }
    double sum = 0.0;
    for (size_t i = from; i < until; i++) {
        sum += sum_selected(e, s, replication, dimension + 1, before * length + i);
    }
    return sum;
}

static void read_values(const struct evaluation *e, const struct selection *s, double *value)
{
    const bool mean = s->reading == READ_MEAN || s->reading == READ_LAST_YEAR;
    const double unit = s->array->unit != NULL && strncmp(s->array->unit, "1e-6 ", 5) == 0 ? 1e-6 : 1.0;
    const double scale = mean ? unit / (double)(s->until - s->from) : unit;
    for (size_t r = 0; r < e->replications; r++) {
        value[r] = scale * sum_selected(e, s, r, 0, 0);
    }
}

/* ---- The expression ---------------------------------------------------------------------------------------- */

/* Called by the parser for every name it meets for the first time. */
static double *operand_for(const char *name, void *context)
{
    struct evaluation *e = context;
    struct selection selection = {0};
    if (e->failed) {
        return &e->nothing;
    }
    if (e->operands == MOST_QUANTITIES || strlen(name) >= NAME_BYTES) {
        complain(e, "too many or too long names at", name);
        return &e->nothing;
    }
    struct operand *operand = &e->operand[e->operands];
    if (select_quantity(e, name, &selection) != GW_OK) {
        return &e->nothing;
    }
    operand->value = calloc(e->replications + 1, sizeof *operand->value);
    if (operand->value == NULL) {
        e->failed = true;
        gw_fail(e->error, GW_REFUSED, "out of memory for a measure");
        return &e->nothing;
    }
    (void)snprintf(operand->name, sizeof operand->name, "%s", name);
    read_values(e, &selection, operand->value);
    e->operands++;
    return &operand->read;
}

static bool is_defined(const struct evaluation *e, size_t r)
{
    for (int k = 0; k < e->operands; k++) {
        if (!isfinite(e->operand[k].value[r])) {
            return false;
        }
    }
    return true;
}

/* Sums over the replications in which all is defined, for which `kept` is set; returns how many. */
static size_t sum_operands(const struct evaluation *e, double *sum, bool *kept)
{
    size_t n = 0;
    for (size_t r = 0; r < e->replications; r++) {
        kept[r] = is_defined(e, r);
        n += kept[r];
        for (int k = 0; kept[r] && k < e->operands; k++) {
            sum[k] += e->operand[k].value[r];
        }
    }
    return n;
}

static double evaluate(struct evaluation *e, muParserHandle_t parser)
{
    const double value = mupEval(parser);
    if (!e->failed && mupError(parser)) {
        e->failed = true;
        gw_fail(e->error, GW_BAD_INPUT, "measure '%s': %s", e->expression, mupGetErrorMsg(parser));
    }
    return value;
}

/* The jackknife: the measure of the means, and its spread when one replication is left out. */
static void jackknife(struct evaluation *e, muParserHandle_t parser, double level, const double *sum,
                      const bool *kept, size_t n, struct gw_estimate *estimate)
{
    for (int k = 0; k < e->operands; k++) {
        e->operand[k].read = sum[k] / (double)n;
    }
    const double whole = evaluate(e, parser);
    double mean = 0.0, squares = 0.0;
    size_t done = 0;
    for (size_t r = 0; r < e->replications && n > 1 && !e->failed; r++) {
        if (!kept[r]) {
            continue;
        }
        for (int k = 0; k < e->operands; k++) {
            e->operand[k].read = (sum[k] - e->operand[k].value[r]) / (double)(n - 1);
        }
        const double left_out = evaluate(e, parser), step = left_out - mean;
        mean += step / (double)++done;
        squares += step * (left_out - mean);
    }
    /* var(estimate) = (n - 1)/n sum (left out - mean)^2; `sd` is that of one replication, as for a mean. */
    const double error = n > 1 ? sqrt(squares * (double)(n - 1) / (double)n) : NAN;
    const double t = n > 1 ? gsl_cdf_tdist_Pinv(0.5 + level / 2.0, (double)(n - 1)) : NAN;
    *estimate = (struct gw_estimate){n, whole, error * sqrt((double)n), whole - t * error, whole + t * error};
}

static int estimate_parsed(struct evaluation *e, muParserHandle_t parser, double level, struct gw_estimate *estimate)
{
    double sum[MOST_QUANTITIES] = {0};
    (void)evaluate(e, parser); /* meets the quantities */
    if (e->failed) {
        return e->error != NULL ? e->error->status : GW_BAD_INPUT;
    }
    bool *kept = calloc(e->replications + 1, sizeof *kept);
    if (kept == NULL) {
        return gw_fail(e->error, GW_REFUSED, "out of memory for a measure");
    }
    const size_t n = sum_operands(e, sum, kept);
    *estimate = (struct gw_estimate){0, NAN, NAN, NAN, NAN};
    if (n > 0) {
        jackknife(e, parser, level, sum, kept, n, estimate);
    }
    free(kept);
    return e->failed ? GW_BAD_INPUT : GW_OK;
}

int gw_expression_estimate(const char *expression, const struct gw_dataset *dataset, struct gw_expression_place place,
                           double level, struct gw_estimate *estimate, struct gw_error *error)
{
    struct gw_error own = {0};
    struct evaluation e = {.dataset = dataset,
                           .place = place,
                           .expression = expression,
                           .replications = gw_replications(dataset),
                           .error = &own,
                           .nothing = 1.0};
    muParserHandle_t parser = mupCreate(muBASETYPE_FLOAT);
    if (parser == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a measure");
    }
    mupDefineNameChars(parser, "0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    mupSetVarFactory(parser, operand_for, &e);
    mupSetExpr(parser, expression);
    const int ret = estimate_parsed(&e, parser, level, estimate);
    mupRelease(parser);
    for (int k = 0; k < e.operands; k++) {
        free(e.operand[k].value);
    }
    return ret == GW_OK ? GW_OK : gw_fail(error, ret, "%s", own.text);
}

double gw_probability_between(const struct gw_estimate *estimate, double low, double high)
{
    const double error = estimate->sd / sqrt((double)estimate->n), freedom = (double)estimate->n - 1.0;
    if (estimate->n < 2 || !isfinite(estimate->mean)) {
        return NAN;
    }
    if (error == 0.0) {
        return estimate->mean > low && estimate->mean < high ? 1.0 : 0.0;
    }
    const double above = isinf(low) ? 1.0 : gsl_cdf_tdist_P((estimate->mean - low) / error, freedom);
    const double beyond = isinf(high) ? 0.0 : gsl_cdf_tdist_P((estimate->mean - high) / error, freedom);
    return above - beyond;
}

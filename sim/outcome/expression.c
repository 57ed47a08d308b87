#include "outcome/expression.h"

#include "outcome/quantity.h"
#include "outcome/reduced.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <muParserDLL.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_QUANTITIES = 32, MOST_SUMS = 4, NAME_BYTES = 200, MOST_PARTS = 8 };

/* A quantity of a formula: its value in every replication, and the number the parser reads. */
struct operand {
    double *value; /* [replications] */
    double total;  /* over the replications in which all is defined */
    double read;
};

#define ALL SIZE_MAX /* no replication is left out */

struct evaluation;

/* Arithmetic over quantities read in one place. */
struct formula {
    struct evaluation *of;
    struct gw_expression_place place;
    muParserHandle_t parser;
    struct operand operand[MOST_QUANTITIES];
    int operands;
    double year; /* end of the period on hand */
};

/* "over_time(...)": a formula per period, and the sum that the parser of the whole reads. */
struct sum {
    struct formula *at; /* [periods] */
    double read;
};

struct evaluation {
    const struct gw_dataset *dataset;
    const char *expression;
    struct formula whole;
    struct sum sum[MOST_SUMS];
    int sums;
    size_t periods, replications;
    size_t group; /* replications that depend on one another: 2 in antithetic pairs */
    struct gw_error *error;
    bool failed;
    double nothing; /* what the parser is given after a failure */
};

/* ---- One quantity out of the dataset ----------------------------------------------------------------------- */

enum reading { READ_NONE, READ_TOTAL, READ_MEAN, READ_FIRST, READ_LAST, READ_LAST_YEAR, READ_SO_FAR };

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
    static const char *const words[] = {"", "total", "mean", "first", "last", "last_year", "so_far"};
    for (int w = READ_TOTAL; w <= READ_SO_FAR; w++) {
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
static int set_span(struct evaluation *e, long period, struct selection *s, const char *name)
{
    const bool on_hand = s->reading == READ_NONE || s->reading == READ_SO_FAR;
    const size_t length = s->time < 0 ? 1 : axis_of(e, s->array, s->time)->length;
    s->from = 0;
    s->until = length;
    if (s->time < 0) {
        return s->reading == READ_NONE ? GW_OK : complain(e, "this has one value, it needs no reading:", name);
    }
    if (on_hand && period < 0) {
        return complain(e, "a series needs a reading (total, mean, first, last, last_year):", name);
    }
    if (on_hand) {
        const size_t last = (size_t)period < length ? (size_t)period : length - 1;
        s->from = s->reading == READ_SO_FAR ? 0 : last;
        s->until = last + 1;
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

static int find_array(struct evaluation *e, size_t each, struct selection *s, const char *strategy, const char *array)
{
    const int position = gw_label_position(e->dataset, "strategy", strategy);
    const size_t which = strcmp(strategy, "each") == 0 ? each : (size_t)position;
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
static int select_quantity(struct evaluation *e, struct gw_expression_place place, const char *name,
                           struct selection *s)
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
    int ret = find_array(e, place.strategy, s, part[0], part[1]);
    for (int p = 2; p < parts && ret == GW_OK; p++) {
        const enum reading reading = reading_of(part[p]);
        if (reading != READ_NONE && s->reading == READ_NONE) {
            s->reading = reading;
        } else {
            ret = fix_label(e, s, part[p]);
        }
    }
    return ret == GW_OK ? set_span(e, place.period, s, name) : ret;
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

/* ---- Formulas ---------------------------------------------------------------------------------------------- */

#define OVER_TIME "over_time"

/* Names that stand for no quantity: `year`, and "over_time_K" for the sum K. NULL: another name. */
static double *known_number(struct formula *f, const char *name)
{
    struct evaluation *e = f->of;
    if (strcmp(name, "year") == 0 && f->place.period >= 0) {
        return &f->year;
    }
    if (f == &e->whole && strncmp(name, OVER_TIME "_", strlen(OVER_TIME) + 1) == 0) {
        const long k = strtol(name + strlen(OVER_TIME) + 1, NULL, 10);
        return k >= 0 && k < e->sums ? &e->sum[k].read : NULL;
    }
    return NULL;
}

static double *new_operand(struct formula *f, const char *name)
{
    struct evaluation *e = f->of;
    struct selection selection = {0};
    if (f->operands == MOST_QUANTITIES || strlen(name) >= NAME_BYTES) {
        complain(e, "too many or too long names at", name);
        return &e->nothing;
    }
    struct operand *operand = &f->operand[f->operands];
    if (select_quantity(e, f->place, name, &selection) != GW_OK) {
        return &e->nothing;
    }
    operand->value = calloc(e->replications + 1, sizeof *operand->value);
    if (operand->value == NULL) {
        e->failed = true;
        gw_fail(e->error, GW_REFUSED, "out of memory for a measure");
        return &e->nothing;
    }
    read_values(e, &selection, operand->value);
    f->operands++;
    return &operand->read;
}

/* Called by the parser for every name it meets for the first time. */
static double *operand_for(const char *name, void *context)
{
    struct formula *f = context;
    if (f->of->failed) {
        return &f->of->nothing;
    }
    double *known = known_number(f, name);
    return known != NULL ? known : new_operand(f, name);
}

static double evaluate(struct formula *f)
{
    struct evaluation *e = f->of;
    const double value = mupEval(f->parser);
    if (!e->failed && mupError(f->parser)) {
        e->failed = true;
        gw_fail(e->error, GW_BAD_INPUT, "measure '%s': %s", e->expression, mupGetErrorMsg(f->parser));
    }
    return value;
}

/* Parses, and meets the quantities. */
static void open_formula(struct formula *f, struct evaluation *e, const char *text, struct gw_expression_place place)
{
    f->of = e;
    f->place = place;
    f->parser = mupCreate(muBASETYPE_FLOAT);
    if (f->parser == NULL) {
        e->failed = true;
        gw_fail(e->error, GW_REFUSED, "out of memory for a measure");
        return;
    }
    mupDefineNameChars(f->parser, "0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    mupSetVarFactory(f->parser, operand_for, f);
    mupSetExpr(f->parser, text);
    (void)evaluate(f);
}

static void close_formula(struct formula *f)
{
    if (f->parser != NULL) {
        mupRelease(f->parser);
    }
    for (int k = 0; k < f->operands; k++) {
        free(f->operand[k].value);
    }
}

static bool is_defined(const struct formula *f, size_t r)
{
    for (int k = 0; k < f->operands; k++) {
        if (!isfinite(f->operand[k].value[r])) {
            return false;
        }
    }
    return true;
}

static void add_up(struct formula *f, const bool *kept)
{
    for (int k = 0; k < f->operands; k++) {
        f->operand[k].total = 0.0;
        for (size_t r = 0; r < f->of->replications; r++) {
            f->operand[k].total += kept[r] ? f->operand[k].value[r] : 0.0;
        }
    }
}

/* Operands become their means over n replications, or over all of these but one. */
static void read_means(struct formula *f, size_t n, size_t left_out)
{
    for (int k = 0; k < f->operands; k++) {
        struct operand *o = &f->operand[k];
        double total = o->total;
        for (size_t i = 0; left_out != ALL && i < f->of->group; i++) {
            total -= o->value[left_out + i];
        }
        o->read = total / (double)(left_out == ALL ? n : n - f->of->group);
    }
}

/* ---- Sums over time ---------------------------------------------------------------------------------------- */

/* The end of what an opening bracket before `text` begins, or NULL. */
static char *closing_bracket(char *text)
{
    int open = 1;
    for (char *p = text; *p != '\0'; p++) {
        open += *p == '(' ? 1 : *p == ')' ? -1 : 0;
        if (open == 0) {
            return p;
        }
    }
    return NULL;
}

static void open_sum(struct evaluation *e, const char *text, size_t strategy)
{
    const char *years = gw_dataset_attribute(e->dataset, "years");
    struct sum *sum = &e->sum[e->sums];
    sum->at = calloc(e->periods + 1, sizeof *sum->at);
    if (sum->at == NULL) {
        e->failed = true;
        gw_fail(e->error, GW_REFUSED, "out of memory for a measure");
        return;
    }
    e->sums++;
    for (size_t t = 0; t < e->periods && !e->failed; t++) {
        sum->at[t].year = (double)(t + 1) * (years == NULL ? NAN : strtod(years, NULL));
        open_formula(&sum->at[t], e, text, (struct gw_expression_place){strategy, (long)t});
    }
}

/* Opens the sums in `text`, and overwrites each by its name, which is shorter. */
static void take_sums(struct evaluation *e, char *text, size_t strategy)
{
    for (char *p = strstr(text, OVER_TIME "("); p != NULL && !e->failed; p = strstr(p, OVER_TIME "(")) {
        char *inside = p + strlen(OVER_TIME "("), *end = closing_bracket(inside);
        if (end == NULL || e->sums == MOST_SUMS) {
            complain(e, "no closing bracket, or too many sums at", p);
            return;
        }
        *end = '\0';
        open_sum(e, inside, strategy);
        p += strlen(OVER_TIME);
        *p++ = '_';
        *p++ = (char)('0' + e->sums - 1);
        memset(p, ' ', (size_t)(end - p) + 1);
    }
}

/* ---- The expression ---------------------------------------------------------------------------------------- */

/* Replications in which all is defined, for which `kept` is set: whole groups. */
static size_t find_kept(const struct evaluation *e, bool *kept)
{
    size_t n = 0;
    for (size_t r = 0; r < e->replications; r++) {
        kept[r] = is_defined(&e->whole, r);
        for (size_t i = 0; i < (size_t)e->sums * e->periods && kept[r]; i++) {
            kept[r] = is_defined(&e->sum[i / e->periods].at[i % e->periods], r);
        }
    }
    for (size_t r = 0; r < e->replications; r += e->group) {
        bool all = r + e->group <= e->replications;
        for (size_t i = r; i < r + e->group && i < e->replications; i++) {
            all = all && kept[i];
        }
        for (size_t i = r; i < r + e->group && i < e->replications; i++) {
            kept[i] = all;
            n += all;
        }
    }
    return n;
}

static void add_up_all(struct evaluation *e, const bool *kept)
{
    add_up(&e->whole, kept);
    for (size_t i = 0; i < (size_t)e->sums * e->periods; i++) {
        add_up(&e->sum[i / e->periods].at[i % e->periods], kept);
    }
}

static double measure(struct evaluation *e, size_t n, size_t left_out)
{
    for (int k = 0; k < e->sums; k++) {
        e->sum[k].read = 0.0;
        for (size_t t = 0; t < e->periods; t++) {
            read_means(&e->sum[k].at[t], n, left_out);
            e->sum[k].read += evaluate(&e->sum[k].at[t]);
        }
    }
    read_means(&e->whole, n, left_out);
    return evaluate(&e->whole);
}

/* The jackknife: the measure of the means, and its spread when one group of replications is left out. */
static void jackknife(struct evaluation *e, double level, const bool *kept, size_t n, struct gw_estimate *estimate)
{
    const double whole = measure(e, n, ALL);
    double mean = 0.0, squares = 0.0;
    size_t done = 0;
    const size_t groups = n / e->group;
    for (size_t r = 0; r < e->replications && groups > 1 && !e->failed; r += e->group) {
        if (!kept[r]) {
            continue;
        }
        const double left_out = measure(e, n, r), step = left_out - mean;
        mean += step / (double)++done;
        squares += step * (left_out - mean);
    }
    /* var(estimate) = (g - 1)/g sum (left out - mean)^2; `sd` is that of one replication, as for a mean. */
    const double error = groups > 1 ? sqrt(squares * (double)(groups - 1) / (double)groups) : NAN;
    const double t = groups > 1 ? gsl_cdf_tdist_Pinv(0.5 + level / 2.0, (double)(groups - 1)) : NAN;
    *estimate = (struct gw_estimate){n, whole, error * sqrt((double)n), whole - t * error, whole + t * error};
}

static int estimate_parsed(struct evaluation *e, double level, struct gw_estimate *estimate)
{
    if (e->failed) {
        return e->error->status;
    }
    bool *kept = calloc(e->replications + 1, sizeof *kept);
    if (kept == NULL) {
        return gw_fail(e->error, GW_REFUSED, "out of memory for a measure");
    }
    const size_t n = find_kept(e, kept);
    *estimate = (struct gw_estimate){0, NAN, NAN, NAN, NAN};
    if (n > 0) {
        add_up_all(e, kept);
        jackknife(e, level, kept, n, estimate);
    }
    free(kept);
    return e->failed ? GW_BAD_INPUT : GW_OK;
}

static void close_all(struct evaluation *e)
{
    close_formula(&e->whole);
    for (int k = 0; k < e->sums; k++) {
        for (size_t t = 0; t < e->periods; t++) {
            close_formula(&e->sum[k].at[t]);
        }
        free(e->sum[k].at);
    }
}

int gw_expression_estimate(const char *expression, const struct gw_dataset *dataset, struct gw_expression_place place,
                           double level, struct gw_estimate *estimate, struct gw_error *error)
{
    struct gw_error own = {0};
    const struct gw_axis *axis = gw_dataset_axis(dataset, "period");
    struct evaluation e = {.dataset = dataset,
                           .expression = expression,
                           .periods = axis == NULL ? 0 : axis->length,
                           .replications = gw_replications(dataset),
                           .group = gw_reduced_of(dataset).pairs && gw_replications(dataset) > 1 ? 2 : 1,
                           .error = &own,
                           .nothing = 1.0};
    char *text = strdup(expression);
    if (text == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a measure");
    }
    take_sums(&e, text, place.strategy);
    if (!e.failed) {
        open_formula(&e.whole, &e, text, place);
    }
    const int ret = estimate_parsed(&e, level, estimate);
    close_all(&e);
    free(text);
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

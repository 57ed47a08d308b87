/* What is said and drawn of sweeps whose numbers are made up, so that every sentence has a known answer. */
#include "close.h"
#include "scratch.h"

#include "outcome/estimate.h"
#include "output/figures.h"
#include "output/label.h"
#include "output/reports.h"
#include "output/sweep_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INPUTS = 4, MOST_POINTS = 64, REPLICATIONS = 4 };

/* value(x, strategy) + noise, the noise being +1, -1, +1, -1 in all strategies alike: levels have an interval of
 * 3.182 * 1.1547 / 2 = 1.84 on either side, differences none. */
struct made_up {
    size_t inputs, strategies; /* strategies 0: one quantity */
    size_t levels[MOST_INPUTS];
    const double *x[MOST_INPUTS]; /* NULL: texts */
    size_t points;                /* 0: a grid */
    double (*value)(const double *x, size_t strategy);
    const char *say, *unit;
};

static const char *const input_names[] = {"unit_cost", "discount", "third", "fourth"};
static const char *const strategy_names[] = {"as_now", "cut", "better"};
static const char *const words[] = {"rare", "usual", "frequent"};

static int add_input(struct gw_dataset *d, const struct made_up *what, size_t i)
{
    const char *unit = i == 1 ? "%" : "1";
    return what->x[i] == NULL
               ? gw_dataset_add_axis(d, input_names[i], unit, input_names[i], what->levels[i], words, NULL)
               : gw_dataset_add_real_axis(d, input_names[i], unit, input_names[i], what->levels[i], what->x[i]);
}

/* Axes of the points; how many. */
static int add_points(struct gw_dataset *d, const struct made_up *what, int *axis)
{
    if (what->points == 0) {
        for (size_t i = 0; i < what->inputs; i++) {
            axis[i] = add_input(d, what, i);
        }
        return (int)what->inputs;
    }
    axis[0] = gw_dataset_add_axis(d, "point", "1", "point", what->points, NULL, NULL);
    for (size_t i = 0; i < what->inputs; i++) {
        const int array = gw_dataset_add_array(d, input_names[i], "1", input_names[i], GW_FLOAT64, 1, axis);
        memcpy(d->array[array].reals, what->x[i], what->points * sizeof(double));
    }
    return 1;
}

/* x of a point; the position of texts. */
static void place(const struct made_up *what, size_t point, double x[MOST_INPUTS])
{
    size_t rest = point;
    for (size_t i = what->inputs; i-- > 0;) {
        const size_t level = what->points > 0 ? point : rest % what->levels[i];
        x[i] = what->x[i] == NULL ? (double)level : what->x[i][level];
        rest /= what->points > 0 ? 1 : what->levels[i];
    }
}

static void store(const struct gw_dataset *d, const char *prefix, const char *mean, size_t at, struct gw_estimate e)
{
    char name[40];
    gw_dataset_array(d, mean)->reals[at] = e.mean;
    (void)snprintf(name, sizeof name, "%slow", prefix);
    gw_dataset_array(d, name)->reals[at] = e.low;
    (void)snprintf(name, sizeof name, "%shigh", prefix);
    gw_dataset_array(d, name)->reals[at] = e.high;
}

static void fill(const struct gw_dataset *d, const struct made_up *what, size_t points, size_t quantities)
{
    double *value = gw_dataset_array(d, "value")->reals, x[MOST_INPUTS];
    for (size_t p = 0; p < points; p++) {
        double *first = value + p * quantities * REPLICATIONS;
        place(what, p, x);
        for (size_t q = 0; q < quantities; q++) {
            double *own = first + q * REPLICATIONS;
            for (int r = 0; r < REPLICATIONS; r++) {
                own[r] = what->value(x, q) + (r % 2 == 0 ? 1.0 : -1.0);
            }
            store(d, "", "mean", p * quantities + q, gw_estimate_mean(own, REPLICATIONS, 0.95));
            if (quantities > 1) {
                store(d, "difference_", "difference", p * quantities + q,
                      gw_estimate_comparison(own, first, REPLICATIONS, 0.95).difference);
            }
        }
    }
}

static struct gw_dataset *make(const struct made_up *what)
{
    static const char *const arrays[] = {"mean", "low", "high", "difference", "difference_low", "difference_high"};
    struct gw_dataset *d;
    char inputs[100] = "";
    int axis[GW_MAX_DIMS];
    size_t points = what->points > 0 ? what->points : 1;
    assert_int_equal(gw_dataset_create(&d, NULL), GW_OK);
    int dims = add_points(d, what, axis);
    if (what->strategies > 0) {
        axis[dims++] = gw_dataset_add_axis(d, "strategy", "1", "strategy", what->strategies, strategy_names, NULL);
    }
    axis[dims] = gw_dataset_add_axis(d, "replication", "1", "replication", REPLICATIONS, NULL, NULL);
    assert_true(gw_dataset_add_array(d, "value", what->unit, "value", GW_FLOAT64, dims + 1, axis) >= 0);
    for (size_t i = 0; i < (what->strategies > 1 ? 6 : 3); i++) {
        assert_true(gw_dataset_add_array(d, arrays[i], what->unit, arrays[i], GW_FLOAT64, dims, axis) >= 0);
    }
    for (size_t i = 0; i < what->inputs; i++) {
        strcat(strcat(inputs, i == 0 ? "" : ","), input_names[i]);
        points *= what->points > 0 ? 1 : what->levels[i];
    }
    gw_dataset_add_attribute(d, "experiment", "sweep");
    gw_dataset_add_attribute(d, "inputs", inputs);
    gw_dataset_add_attribute(d, "say", what->say);
    gw_dataset_add_attribute(d, "unit", what->unit);
    fill(d, what, points, what->strategies == 0 ? 1 : what->strategies);
    return d;
}

static char *report_of(const struct gw_dataset *d, enum gw_answer_form form)
{
    char *text = NULL;
    size_t size;
    struct gw_error error = {0};
    FILE *out = open_memstream(&text, &size);
    if (gw_summary_write(d, form, out, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void check_says(struct gw_dataset *d, const char *sentence)
{
    char *text = report_of(d, GW_ANSWER_CSV); /* there, lines are not wrapped */
    if (strstr(text, sentence) == NULL) {
        fail_msg("expected '%s' in\n%s", sentence, text);
    }
    free(text);
    gw_dataset_free(d);
}

/* ---- Sentences ------------------------------------------------------------------------------------------------ */

static const double costs[] = {0.4, 0.45, 0.5, 0.55, 0.6}, discounts[] = {0.0, 5.0, 10.0}, thirds[] = {1.0, 2.0};

/* The cut gains 1000 at a cost of 0.4, loses 1000 at 0.6. */
static double crossing(const double *x, size_t strategy)
{
    return 50000.0 + (strategy == 1 ? 10000.0 * (0.49 - x[0]) : 0.0);
}

static const struct made_up line = {.inputs = 1,
                                    .strategies = 2,
                                    .levels = {5},
                                    .x = {costs},
                                    .value = crossing,
                                    .say = "company value",
                                    .unit = "money"};

static void test_stretches_of_one_input_are_named(void **state)
{
    (void)state;
    check_says(make(&line),
               "Company value is highest under Cut for unit cost 0.4 to 0.45 and under As now for 0.5 to "
               "0.6; everywhere the lead is told apart from nothing (95%).");
    check_says(make(&line),
               "The difference of Cut to As now runs from -1100 (95%: -1100 to -1100) at unit cost 0.6 to "
               "900 (95%: 900 to 900) at unit cost 0.4.");
    check_says(make(&line), "Where between two points the winner changes, 'goodwill frontier' finds out.");
}

static double always_better(const double *x, size_t strategy)
{
    return x[0] + 10.0 * (double)strategy;
}

static void test_a_winner_everywhere_is_said_so(void **state)
{
    (void)state;
    struct made_up what = line;
    what.value = always_better;
    what.strategies = 3;
    check_says(make(&what), "Company value is highest under Better at all points; everywhere the lead over every "
                            "other is told apart from nothing (95%).");
}

/* At no discount the two are the same; at 5% the cut is ahead, at 10% behind. */
static double tied_at_first(const double *x, size_t strategy)
{
    return 1000.0 * x[0] + (strategy == 1 ? x[1] * (7.0 - x[1]) : 0.0);
}

static void test_winners_of_a_plane_are_counted(void **state)
{
    (void)state;
    const struct made_up plane = {.inputs = 2,
                                  .strategies = 2,
                                  .levels = {5, 3},
                                  .x = {costs, discounts},
                                  .value = tied_at_first,
                                  .say = "company value",
                                  .unit = "money"};
    check_says(make(&plane), "Company value is highest under As now at 5 of 15 points, under Cut at 5, under several "
                             "alike at 5; where one leads the lead is told apart from nothing (95%).");
    check_says(make(&plane), "from -30.0 (95%: -30.0 to -30.0) at unit cost 0.4 and discount 10% to 10.0 (95%:");
}

static double below_then_above(const double *x, size_t strategy)
{
    (void)strategy;
    return 100.0 * (x[0] - 0.5); /* -10, -5, 0, 5, 10 with 1.84 on either side */
}

static void test_signs_of_one_quantity_are_counted(void **state)
{
    (void)state;
    struct made_up what = line;
    what.strategies = 0;
    what.value = below_then_above;
    what.say = "gain of the cut";
    check_says(make(&what), "Gain of the cut runs from -10.0 (95%: -11.8 to -8.2) at unit cost 0.4 to 10.0 (95%: 8.2 "
                            "to 11.8) at unit cost 0.6.");
    check_says(make(&what),
               "Of 5 points gain of the cut is above 0 at 2, below at 2 and not told apart from it at 1 (95%).");
}

/* Three of the twenty values of the first strategy are missing. */
static void test_what_is_undefined_is_told(void **state)
{
    (void)state;
    struct gw_dataset *d = make(&line);
    for (int i = 0; i < 3; i++) {
        gw_dataset_array(d, "value")->reals[i] = NAN;
    }
    check_says(d, "3 of 40 values are not defined and left out");
}

static double nowhere(const double *x, size_t strategy)
{
    (void)x;
    (void)strategy;
    return NAN;
}

static void test_nothing_defined_is_told(void **state)
{
    (void)state;
    struct made_up what = line;
    what.value = nowhere;
    check_says(make(&what), "Company value is highest nowhere: it is not defined");
    check_says(make(&what), "The difference of Cut to As now is not defined at any point.");
}

/* ---- Shares of variance --------------------------------------------------------------------------------------- */

/* 3 a + b + a c, each centred: a and b take -1, 0, 1, c takes -1 and 1. Variances of the parts: 9 * 2/3, 2/3, 2/3. */
static double additive(const double *x, size_t strategy)
{
    (void)strategy;
    return 3.0 * x[0] + x[1] + x[0] * x[2];
}

static void test_shares_are_those_of_the_sum(void **state)
{
    (void)state;
    static const double three[] = {-1.0, 0.0, 1.0}, two[] = {-1.0, 1.0};
    const struct made_up what = {
        .inputs = 3, .levels = {3, 3, 2}, .x = {three, three, two}, .value = additive, .say = "sum", .unit = "1"};
    struct gw_dataset *d = make(&what);
    struct gw_sweep_view view;
    double share[3];
    assert_int_equal(gw_sweep_view_open(&view, d, NULL), GW_OK);
    assert_int_equal(gw_sweep_view_shares(&view, share, NULL), GW_OK);
    assert_close(share[0], 9.0 / 11.0, 1e-12, 0.0);
    assert_close(share[1], 1.0 / 11.0, 1e-12, 0.0);
    assert_close(share[2], 0.0, 0.0, 1e-12);
    gw_sweep_view_close(&view);
    gw_dataset_free(d);
}

/* Points along a line, the second input without any order: nearly all goes with the first. Of a staircase of five
 * equal steps the parts are the steps: all of the variance. */
static double staircase(const double *x, size_t strategy)
{
    (void)strategy;
    return floor(5.0 * x[0]);
}

static void test_shares_of_points(void **state)
{
    (void)state;
    double first[50], second[50], share[2];
    for (int p = 0; p < 50; p++) {
        first[p] = ((double)(p * 7 % 50) + 0.5) / 50.0;
        second[p] = (double)((p * 7 % 50) * 13 % 10); /* each of its ten values meets every fifth of the first */
    }
    const struct made_up what = {
        .inputs = 2, .points = 50, .x = {first, second}, .value = staircase, .say = "steps", .unit = "1"};
    struct gw_dataset *d = make(&what);
    struct gw_sweep_view view;
    assert_int_equal(gw_sweep_view_open(&view, d, NULL), GW_OK);
    assert_int_equal(gw_sweep_view_shares(&view, share, NULL), GW_OK);
    assert_close(share[0], 1.0, 1e-12, 0.0);
    assert_close(share[1], 0.0, 0.0, 1e-12);
    gw_sweep_view_close(&view);
    gw_dataset_free(d);
}

/* ---- Files that are not whole --------------------------------------------------------------------------------- */

static void check_refused(struct gw_dataset *d, const char *message)
{
    struct gw_error error = {0};
    FILE *out = fopen("/dev/null", "w");
    assert_int_equal(gw_summary_write(d, GW_ANSWER_TEXT, out, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, message));
    (void)fclose(out);
    gw_dataset_free(d);
}

static void spoil(struct gw_dataset *d, const char *array)
{
    for (int i = 0; i < d->arrays; i++) {
        if (strcmp(d->array[i].name, array) == 0) {
            d->array[i].name[0] = 'X';
        }
    }
}

static void test_what_is_not_whole_is_refused(void **state)
{
    (void)state;
    struct gw_dataset *d = make(&line);
    spoil(d, "value");
    check_refused(d, "it has no values");
    d = make(&line);
    spoil(d, "low");
    check_refused(d, "its means are not there");
    d = make(&line);
    spoil(d, "difference_high");
    check_refused(d, "its means are not there");
    d = make(&line);
    memcpy(d->axis[0].name, "unit_cast", 9);
    check_refused(d, "its values are not over its inputs");
}

/* ---- Figures -------------------------------------------------------------------------------------------------- */

static void check_drawn(const struct made_up *what, const char *title, const char *word)
{
    struct gw_dataset *d = make(what);
    struct gw_figure_result *results;
    struct gw_error error = {0};
    size_t count, length;
    if (gw_figures_draw(d, "figures", "svg", NULL, 0, &results, &count, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(count, 1); /* none of a run's figures is tried */
    assert_non_null(results[0].path);
    char *text = (char *)scratch_read(results[0].path, &length);
    text = realloc(text, length + 1);
    text[length] = '\0';
    if (strstr(text, title) == NULL || strstr(text, word) == NULL) {
        fail_msg("'%s' or '%s' is not in the figure", title, word);
    }
    free(text);
    gw_figure_results_free(results, count);
    gw_dataset_free(d);
}

static void test_figures_say_what_they_show(void **state)
{
    (void)state;
    struct made_up what = line;
    check_drawn(&what, "Cut against As now: ahead at 2 of 5 points, behind at 3",
                "Company value, difference to As now");
    what.x[0] = NULL;
    what.levels[0] = 3;
    what.value = always_better;
    check_drawn(&what, "Cut against As now: ahead at 3 of 3 points", "frequent");
    what = (struct made_up){.inputs = 3,
                            .strategies = 2,
                            .levels = {5, 3, 2},
                            .x = {costs, discounts, thirds},
                            .value = tied_at_first,
                            .say = "company value",
                            .unit = "money"};
    check_drawn(&what, "Cut against As now: ahead at 10 of 30 points, behind at 10", "mean over the others");
    what = (struct made_up){.inputs = 2,
                            .strategies = 2,
                            .points = 3,
                            .x = {costs, discounts},
                            .value = tied_at_first,
                            .say = "company value",
                            .unit = "money"};
    check_drawn(&what, "ahead at 1 of 3 points, behind at 1", "dot: mean");
    what = line;
    what.strategies = 0;
    what.value = below_then_above;
    check_drawn(&what, "Company value: above 0 at 2 of 5 points, below at 2", "line: mean");
}

/* Of two inputs the one with more levels is along the axis, the other's levels are the lines. */
static void test_the_fewer_levels_are_the_lines(void **state)
{
    (void)state;
    const struct made_up what = {.inputs = 2,
                                 .strategies = 2,
                                 .levels = {5, 3},
                                 .x = {costs, discounts},
                                 .value = tied_at_first,
                                 .say = "company value",
                                 .unit = "money"};
    check_drawn(&what, "Cut against As now", "discount 10%");
}

static void test_nothing_defined_is_left_out(void **state)
{
    (void)state;
    struct made_up what = line;
    struct gw_figure_result *results;
    size_t count;
    what.value = nowhere;
    struct gw_dataset *d = make(&what);
    assert_int_equal(gw_figures_draw(d, "figures", "svg", NULL, 0, &results, &count, NULL), GW_OK);
    assert_int_equal(count, 1);
    assert_null(results[0].path);
    assert_string_equal(results[0].reason, "nothing is defined that could be drawn");
    gw_figure_results_free(results, count);
    gw_dataset_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stretches_of_one_input_are_named),
        cmocka_unit_test(test_a_winner_everywhere_is_said_so),
        cmocka_unit_test(test_winners_of_a_plane_are_counted),
        cmocka_unit_test(test_signs_of_one_quantity_are_counted),
        cmocka_unit_test(test_what_is_undefined_is_told),
        cmocka_unit_test(test_nothing_defined_is_told),
        cmocka_unit_test(test_shares_are_those_of_the_sum),
        cmocka_unit_test(test_shares_of_points),
        cmocka_unit_test(test_what_is_not_whole_is_refused),
        cmocka_unit_test(test_figures_say_what_they_show),
        cmocka_unit_test(test_the_fewer_levels_are_the_lines),
        cmocka_unit_test(test_nothing_defined_is_left_out),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}

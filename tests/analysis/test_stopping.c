/*
 * When to stop: the rule on made-up intervals, and what its intervals cover.
 *
 * Coverage. 2,000 macro-replications per case, fixed streams. The count of intervals that hold the true mean is
 * binomial; a case fails when it lies more than 4 standard errors below its floor, which happens with probability
 * below 3.2e-5 when the floor is the truth, less when coverage is better. `test_stopping --print` writes the table of
 * docs/experiments.md.
 */
#include "close.h"

#include "analysis/stopping.h"
#include "core/draws.h"
#include "core/quantile.h"
#include "outcome/estimate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The rule ---------------------------------------------------------------------------------------------- */

/* Two quantities with means 10 and -5; half-width of k is factor[k] / sqrt(n). */
struct shrinking {
    double factor[2];
    uint32_t asked_first, asked;
};

static struct gw_width shrinking_over(void *context, size_t quantity, uint32_t n)
{
    struct shrinking *s = context;
    s->asked_first = s->asked == 0 ? n : s->asked_first;
    s->asked = n;
    return (struct gw_width){quantity == 0 ? 10.0 : -5.0, s->factor[quantity] / sqrt((double)n)};
}

static struct gw_stop stop_of(struct gw_stopping rule, struct shrinking *s, uint32_t step)
{
    const struct gw_widths widths = {2, shrinking_over, s};
    struct gw_stop stop = {0};
    for (uint32_t known = 0; stop.n == 0 && known <= rule.most + step; known += step) {
        gw_stopping_judge(&rule, &widths, known, &stop);
    }
    return stop;
}

static void stops_when_the_widest_is_short_enough(void **state)
{
    (void)state;
    /* 20 / sqrt(n) <= 1 from n = 400 on, 8 / sqrt(n) from 64 on. */
    const struct gw_stopping absolute = {1.0, false, 100, 2000};
    struct shrinking s = {.factor = {20.0, 8.0}};
    struct gw_stop stop = stop_of(absolute, &s, 1);
    assert_int_equal(stop.n, 400);
    assert_true(stop.reached);
    assert_int_equal(stop.widest, 0);
    assert_int_equal(s.asked_first, 100);
    /* A tenth of |mean|: 1 and 0.5, so the second, of mean -5, needs 16^2 = 256, and 260 is the next due. */
    const struct gw_stopping relative = {0.1, true, 100, 2000};
    s = (struct shrinking){.factor = {10.0, 8.0}};
    stop = stop_of(relative, &s, 1);
    assert_int_equal(stop.n, 260);
    assert_int_equal(stop.widest, 1);
}

static void result_does_not_depend_on_how_many_come_at_once(void **state)
{
    (void)state;
    const struct gw_stopping rule = {1.0, false, 130, 2000};
    for (uint32_t step = 1; step < 300; step += 13) {
        struct shrinking s = {.factor = {20.0, 3.0}};
        assert_int_equal(stop_of(rule, &s, step).n, 410); /* 130 + 14 * 20 */
    }
}

static void most_ends_it(void **state)
{
    (void)state;
    struct shrinking s = {.factor = {20.0, 8.0}};
    const struct gw_stop stop = stop_of((struct gw_stopping){1.0, false, 100, 333}, &s, 1);
    assert_int_equal(stop.n, 333);
    assert_false(stop.reached);
    s = (struct shrinking){.factor = {0.0, 8.0}};
    const struct gw_stop least_is_most = stop_of((struct gw_stopping){1.0, false, 100, 100}, &s, 7);
    assert_int_equal(least_is_most.n, 100);
    assert_true(least_is_most.reached);
}

static void what_has_no_interval_is_not_reached(void **state)
{
    (void)state;
    const struct gw_stopping absolute = {1.0, false, 100, 200}, relative = {0.1, true, 100, 200};
    assert_true(isinf(gw_stopping_ratio(&absolute, (struct gw_width){NAN, NAN})));
    assert_true(isinf(gw_stopping_ratio(&relative, (struct gw_width){0.0, 1.0})));
    assert_true(gw_stopping_ratio(&relative, (struct gw_width){0.0, 0.0}) == 0.0); /* exact is short enough */
    struct shrinking s = {.factor = {NAN, 1.0}};
    const struct gw_stop stop = stop_of(absolute, &s, 1);
    assert_int_equal(stop.n, 200);
    assert_false(stop.reached);
    assert_int_equal(stop.widest, 0);
}

static void forecast_follows_the_square_root(void **state)
{
    (void)state;
    const struct gw_stopping rule = {1.0, false, 100, 2000};
    struct gw_stop stop = {0};
    assert_int_equal(gw_stopping_forecast(&rule, &stop), 100);
    stop = (struct gw_stop){.judged = 100, .width = {10.0, 2.0}};
    assert_int_equal(gw_stopping_forecast(&rule, &stop), 400);
    stop.width.half_width = 50.0;
    assert_int_equal(gw_stopping_forecast(&rule, &stop), 2000);
    stop.width.half_width = NAN;
    assert_int_equal(gw_stopping_forecast(&rule, &stop), 2000);
    stop.width.half_width = 1.01;
    assert_int_equal(gw_stopping_forecast(&rule, &stop), 120);
    stop.n = 260;
    assert_int_equal(gw_stopping_forecast(&rule, &stop), 260);
}

/* ---- What intervals cover ------------------------------------------------------------------------------------ */

enum { MACRO = 2000, MOST = 4000 };

/* Laws by their names in the table; `half` is the asked half-width over the standard deviation. */
struct law {
    const char *name;
    struct gw_distribution distribution;
    double floor; /* coverage that is promised */
};

static const struct law laws[] = {
    {"normal", {GW_NORMAL, 1.0, 0.5, 0.0}, 0.94},
    {"gamma, shape 1 (skewness 2)", {GW_GAMMA, 1.0, 1.0, 0.0}, 0.93},
    {"lognormal, sd = mean (skewness 4)", {GW_LOGNORMAL, 1.0, 1.0, 0.0}, 0.90},
};
static const double relative_widths[] = {0.2, 0.1, 0.05};
enum { LAWS = sizeof laws / sizeof *laws, WIDTHS = sizeof relative_widths / sizeof *relative_widths };

struct sample_of_law {
    double value[MOST];
};

static struct gw_width student(void *context, size_t quantity, uint32_t n)
{
    const struct sample_of_law *s = context;
    (void)quantity;
    const struct gw_estimate e = gw_estimate_mean(s->value, n, 0.95);
    return (struct gw_width){e.mean, (e.high - e.low) / 2.0};
}

struct coverage {
    double covered, mean_n;
};

/* `half` is the asked half-width in units of the mean, which is 1 in all laws; judged relatively. */
static struct coverage measure(const struct law *law, double half)
{
    const struct gw_stopping rule = {half, true, GW_STOPPING_LEAST, MOST};
    static struct sample_of_law sample;
    const struct gw_widths widths = {1, student, &sample};
    struct gw_quantile *quantile = NULL;
    struct coverage sum = {0};
    assert_int_equal(gw_quantile_create(&quantile, law->distribution, NULL), 0);
    for (uint32_t m = 0; m < MACRO; m++) {
        const struct gw_key key = gw_key_make(20251123, m, gw_name_hash(law->name));
        struct gw_stop stop = {0};
        for (uint32_t known = 0; stop.n == 0; known++) {
            sample.value[known] = gw_quantile_at(quantile, gw_uniform_start(&key, known, 0, 0));
            gw_stopping_judge(&rule, &widths, known + 1, &stop);
        }
        sum.covered += fabs(stop.width.mean - 1.0) <= stop.width.half_width;
        sum.mean_n += stop.n;
    }
    gw_quantile_free(quantile);
    return (struct coverage){sum.covered / MACRO, sum.mean_n / MACRO};
}

static void intervals_cover_when_stopped(void **state)
{
    (void)state;
    for (int l = 0; l < LAWS; l++) {
        for (int w = 0; w < WIDTHS; w++) {
            const struct coverage c = measure(&laws[l], relative_widths[w]);
            const double p = laws[l].floor;
            if (c.covered < p - 4.0 * sqrt(p * (1.0 - p) / MACRO)) {
                fail_msg("%s, +-%g: covered %.4f, mean n %.0f", laws[l].name, relative_widths[w], c.covered,
                         c.mean_n);
            }
        }
    }
}

static void print_table(void)
{
    puts("| law | asked half-width | coverage | mean n |\n|---|---|---|---|");
    for (int l = 0; l < LAWS; l++) {
        for (int w = 0; w < WIDTHS; w++) {
            const struct coverage c = measure(&laws[l], relative_widths[w]);
            printf("| %s | %g%% of the mean | %.1f%% | %.0f |\n", laws[l].name, 100.0 * relative_widths[w],
                   100.0 * c.covered, c.mean_n);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_when_the_widest_is_short_enough),
        cmocka_unit_test(result_does_not_depend_on_how_many_come_at_once),
        cmocka_unit_test(most_ends_it),
        cmocka_unit_test(what_has_no_interval_is_not_reached),
        cmocka_unit_test(forecast_follows_the_square_root),
        cmocka_unit_test(intervals_cover_when_stopped),
    };
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        print_table();
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Optima of noisy functions against known answers. */
#include "analysis/optimum.h"

#include "close.h"
#include "luck.h"
#include "sample.h"

#include "analysis/surface.h"

#include <string.h>

enum { N = 100 };
static const double pi = 3.14159265358979323846;

static struct gw_optimum_options box(size_t dimensions, double low, double high)
{
    struct gw_optimum_options o = {.set = {.dimensions = dimensions, .budget = INFINITY},
                                   .replications = N,
                                   .fresh = N,
                                   .starts = 2,
                                   .profile = 5,
                                   .resamples = 400,
                                   .level = 0.95};
    for (size_t i = 0; i < dimensions; i++) {
        o.set.low[i] = low;
        o.set.high[i] = high;
    }
    return o;
}

static double mean_luck(uint64_t seed, uint32_t n, uint32_t which)
{
    double sum = 0.0;
    for (uint32_t r = 0; r < n; r++) {
        sum += luck(seed, r, which);
    }
    return sum / n;
}

/* Its sample mean is greatest at 2 + 0.5 mean(luck), exactly. */
static double parabola(const double *x, uint64_t seed, uint32_t r)
{
    const double off = x[0] - 2.0 - 0.5 * luck(seed, r, 0);
    return 10.0 - off * off;
}

static double rising(const double *x, uint64_t seed, uint32_t r)
{
    return x[0] + 0.1 * luck(seed, r, 0);
}

static double level_ground(const double *x, uint64_t seed, uint32_t r)
{
    return 5.0 + x[0] * luck(seed, r, 0) + luck(seed, r, 1);
}

/* 3 log(1 + a) + log(1 + b): of a budget of 2 the best split has 3 / (1 + a) = 1 / (1 + b), so a = 2 and b = 0 would
 * be a corner; of 6 it is a = 5, b = 1, where one unit more brings 1 / 2. */
static double two_logs(const double *x, uint64_t seed, uint32_t r)
{
    return (3.0 + 0.3 * luck(seed, r, 0)) * log1p(x[0]) + (1.0 + 0.1 * luck(seed, r, 1)) * log1p(x[1]);
}

/* Normal with mean x and sd x^2 / 2. */
static double spreading(const double *x, uint64_t seed, uint32_t r)
{
    return x[0] + x[0] * x[0] / 2.0 * luck(seed, r, 0);
}

/* No x is better than another, but luck makes one look so: amplitude and phase of the sample mean are those of a
 * normal point of the plane. */
static double wave(const double *x, uint64_t seed, uint32_t r)
{
    return cos(x[0]) * luck(seed, r, 0) + sin(x[0]) * luck(seed, r, 1);
}

static double first_lever(const double *x, uint64_t seed, uint32_t r)
{
    (void)seed, (void)r;
    return x[0];
}

static void test_interior(void **state)
{
    struct noisy noisy = {.seed = 7, .dimensions = 1, .at = parabola};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_optimum_options o = box(1, 0.0, 5.0);
    struct gw_optimum best;
    (void)state;
    o.tolerance = 1e-4;
    assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
    assert_close(best.x[0], 2.0 + 0.5 * mean_luck(7, N, 0), 0.0, 1e-3);
    assert_int_equal(best.lever[0].place, GW_INTERIOR);
    assert_false(best.flat);
    assert_true(best.permitted && !best.budget_binds);
    /* sd of the optimum 0.5 / sqrt(100), and a bootstrap's percentiles from 400 resamples */
    assert_close(best.lever[0].high - best.lever[0].low, 2.0 * 1.96 * 0.05, 0.35, 0.0);
    /* half a unit aside costs 0.25, less what fresh luck says */
    assert_within_4_se((best.lever[0].up.value + best.lever[0].down.value) / 2.0, -0.25, 1e-3);
    assert_true(best.lever[0].down.n == N && best.lever[0].up.n == N);
    assert_within_4_se(best.fresh.value, 10.0 - 0.25, 0.25 * sqrt(2.0 / N) + 0.0025);
    gw_optimum_free(&best);
}

/* Of the bootstrap's interval; percentiles of 100 replications fall short of 95% by about a point. */
static void test_coverage(void **state)
{
    enum { MACRO = 400 };
    double covered = 0.0;
    (void)state;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        struct noisy noisy = {.seed = seed, .dimensions = 1, .at = parabola};
        const struct gw_response response = NOISY_RESPONSE(&noisy);
        struct gw_optimum_options o = box(1, 0.0, 5.0);
        struct gw_optimum best;
        o.tolerance = 1e-4;
        assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
        covered += best.lever[0].low <= 2.0 && 2.0 <= best.lever[0].high;
        gw_optimum_free(&best);
    }
    print_message("coverage of the optimum's 95%% interval: %.3f\n", covered / MACRO);
    assert_within_4_se(covered / MACRO, 0.94, share_se(0.94, MACRO));
}

/* A price p brings p - 0.61 from each of 50 who buy with probability s = 1 / (1 + e^(1.0079 + 3.5 (p - 1))): best at
 * p = 1, where 3.5 (p - 0.61) (1 - s) = 1. Every replication is a step function of p. */
static double purchases(const double *x, uint64_t seed, uint32_t r)
{
    const double threshold = -1.0079 - 3.5 * (x[0] - 1.0);
    const struct gw_key key = gw_key_make(seed, r, gw_name_hash("purchases"));
    double bought = 0.0;
    for (uint32_t i = 0; i < 50; i++) {
        const double u = gw_uniform_start(&key, i, 0, 0);
        bought += log(u / (1.0 - u)) < threshold;
    }
    return bought * (x[0] - 0.61);
}

/* The surface is a little off where the response is no quadratic, so that an interval may fall short of 95% by a
 * point or two; the best point seen, with an interval as long, would miss in most cases. */
static void test_steps(void **state)
{
    enum { MACRO = 200 };
    double covered = 0.0;
    struct sample at = {0};
    (void)state;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        struct noisy noisy = {.seed = seed, .dimensions = 1, .at = purchases};
        const struct gw_response response = NOISY_RESPONSE(&noisy);
        const struct gw_optimum_options o = box(1, 0.8, 1.3);
        struct gw_optimum best;
        assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
        covered += best.lever[0].low <= 1.0 && 1.0 <= best.lever[0].high;
        sample_add(&at, best.x[0]);
        gw_optimum_free(&best);
    }
    print_message("steps: optimum 1, found %.4f with sd %.4f, in the 95%% interval in %.3f\n", sample_mean(&at),
                  sqrt(sample_variance(&at)), covered / MACRO);
    assert_within_4_se(covered / MACRO, 0.93, share_se(0.93, MACRO));
}

static void test_bound(void **state)
{
    struct noisy noisy = {.seed = 7, .dimensions = 1, .at = rising};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_optimum_options o = box(1, 0.0, 4.0);
    struct gw_optimum best;
    (void)state;
    assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
    assert_true(best.x[0] == 4.0);
    assert_int_equal(best.lever[0].place, GW_AT_HIGH);
    assert_close(best.lever[0].worth, 1.0, 1e-6, 0.0);
    assert_close(best.lever[0].down.value, -0.4, 1e-9, 0.0);
    assert_int_equal(best.lever[0].up.n, 0);
    gw_optimum_free(&best);
}

/* No x is better than another. As the difference is proportional to the distance, all points are told apart together,
 * in 5% of cases; the interval of the optimum is the whole range unless luck has a significant slope. */
static void test_flat(void **state)
{
    enum { MACRO = 300 };
    double flat = 0.0, whole = 0.0;
    (void)state;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        struct noisy noisy = {.seed = seed, .dimensions = 1, .at = level_ground};
        const struct gw_response response = NOISY_RESPONSE(&noisy);
        const struct gw_optimum_options o = box(1, 0.0, 1.0);
        struct gw_optimum best;
        assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
        const bool all = best.lever[0].flat_low == 0.0 && best.lever[0].flat_high == 1.0;
        assert_int_equal(all, best.flat);
        flat += best.flat;
        whole += best.lever[0].low < 0.01 && best.lever[0].high > 0.99;
        gw_optimum_free(&best);
    }
    assert_within_4_se(flat / MACRO, 0.95, share_se(0.95, MACRO));
    assert_within_4_se(whole / MACRO, 0.94, share_se(0.94, MACRO)); /* percentiles of a bootstrap: see above */
}

static void test_budget(void **state)
{
    struct noisy noisy = {.seed = 3, .dimensions = 2, .at = two_logs};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_optimum_options o = box(2, 0.0, 10.0);
    struct gw_optimum best;
    (void)state;
    o.set.cost[0] = o.set.cost[1] = 1.0;
    o.set.budget = 6.0;
    for (int all = 0; all < 2; all++) {
        o.set.spend_all = all;
        assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
        const double a = 3.0 + 0.3 * mean_luck(3, N, 0), b = 1.0 + 0.1 * mean_luck(3, N, 1);
        assert_close(best.x[0], 8.0 * a / (a + b) - 1.0, 0.0, 0.1);
        assert_close(best.x[0] + best.x[1], 6.0, 0.0, 0.01);
        assert_true(best.budget_binds);
        assert_close(best.lever[0].worth, 0.5, 0.1, 0.0);
        assert_close(best.lever[1].worth, 0.5, 0.1, 0.0);
        assert_true(best.lever[0].low < 5.0 && 5.0 < best.lever[0].high);
        for (size_t k = 0; k < best.profile; k++) {
            assert_true(!(best.along[k].x[0] + best.along[k].x[1] > 6.0 + 1e-9)); /* NaN: not feasible */
        }
        gw_optimum_free(&best);
    }
}

/* Mean: the more the better. CVaR of the worst tenth: x - k x^2 / 2 with k = phi / p, greatest at 1 / k; the quantile
 * likewise with k = -z. */
static void test_goals(void **state)
{
    struct noisy noisy = {.seed = 21, .dimensions = 1, .at = spreading};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_optimum_options o = box(1, 0.0, 2.0);
    const double k[3] = {0.0, 1.2815515655446004, 1.7549833193248685};
    struct gw_optimum best;
    (void)state;
    o.replications = o.fresh = 4000;
    for (int kind = 0; kind < 3; kind++) {
        o.goal = (struct gw_functional){.kind = (enum gw_functional_kind)kind, .probability = 0.1};
        assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
        const double want = kind == 0 ? 2.0 : 1.0 / k[kind];
        /* sd of an estimate of k is about sqrt(3 / n), and the optimum moves by 1 / k^2 as much */
        assert_within_4_se(best.x[0], want, kind == 0 ? 1e-9 : sqrt(3.0 / 4000) * want * want);
        assert_true(best.lever[0].low <= want && want <= best.lever[0].high);
        gw_optimum_free(&best);
    }
}

/* The amplitude's mean is sqrt(pi / 2) / sqrt(n): that is what the search promises; fresh replications say 0. */
static void test_winners_curse(void **state)
{
    enum { MACRO = 300 };
    struct sample search = {0}, fresh = {0};
    (void)state;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        struct noisy noisy = {.seed = seed, .dimensions = 1, .at = wave};
        const struct gw_response response = NOISY_RESPONSE(&noisy);
        const struct gw_optimum_options o = box(1, 0.0, 2.0 * pi);
        struct gw_optimum best;
        assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
        sample_add(&search, best.search.value);
        sample_add(&fresh, best.fresh.value);
        gw_optimum_free(&best);
    }
    print_message("truth 0: promised by the search %.4f, found afresh %.4f\n", sample_mean(&search),
                  sample_mean(&fresh));
    assert_within_4_se(sample_mean(&search), sqrt(pi / 2.0 / N), sample_mean_se(&search));
    assert_within_4_se(sample_mean(&fresh), 0.0, sample_mean_se(&fresh));
}

static void test_requirement(void **state)
{
    struct noisy noisy = {.seed = 3, .dimensions = 2, .at = two_logs};
    struct noisy other = {.seed = 3, .dimensions = 2, .at = first_lever};
    const struct gw_response response = NOISY_RESPONSE(&noisy), measured = NOISY_RESPONSE(&other);
    struct gw_optimum_requirement requirement = {.response = &measured, .low = -INFINITY, .high = 4.0};
    struct gw_optimum_options o = box(2, 0.0, 10.0);
    struct gw_optimum best;
    (void)state;
    o.set.cost[0] = o.set.cost[1] = 1.0;
    o.set.budget = 6.0;
    o.requirement = &requirement;
    o.requirements = 1;
    assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
    assert_true(best.permitted);
    assert_true(best.x[0] <= 4.0);
    assert_close(best.x[0], 4.0, 0.0, 0.1);
    assert_close(best.required[0].value, best.x[0], 0.0, 1e-12);
    gw_optimum_free(&best);
    requirement.low = 8.0; /* the budget does not reach so far */
    requirement.high = INFINITY;
    assert_int_equal(gw_optimum_find(&response, &o, &best, NULL), 0);
    assert_false(best.permitted);
    assert_close(best.x[0], 6.0, 0.0, 0.05);
    gw_optimum_free(&best);
}

/* ---- What it stands on -------------------------------------------------------------------------------------------
 */

static void test_projection(void **state)
{
    struct gw_feasible set = {
        .dimensions = 3, .high = {4.0, 4.0, 4.0}, .cost = {1.0, 1.0, 0.0}, .budget = 4.0, .fixed = 1.0};
    const double rich[3] = {5.0, 1.0, 9.0}, poor[3] = {0.5, 0.0, -1.0};
    double x[3];
    (void)state;
    gw_feasible_project(&set, rich, x); /* nearest to (5, 1) with a + b = 3 */
    assert_close(x[0], 3.0, 0.0, 1e-6);
    assert_close(x[1], 0.0, 0.0, 1e-6);
    assert_close(x[2], 4.0, 0.0, 1e-12);
    assert_true(gw_feasible_cost(&set, x) <= 4.0);
    gw_feasible_project(&set, poor, x);
    assert_close(x[0], 0.5, 0.0, 0.0);
    set.spend_all = true;
    gw_feasible_project(&set, poor, x);
    assert_close(x[0], 1.75, 0.0, 1e-6);
    assert_close(x[1], 1.25, 0.0, 1e-6);
    set.high[0] = 0.0; /* settled */
    gw_feasible_project(&set, poor, x);
    assert_close(x[0], 0.0, 0.0, 0.0);
    assert_close(x[1], 3.0, 0.0, 1e-6);
}

static void test_infeasible(void **state)
{
    struct noisy noisy = {.dimensions = 2, .at = two_logs};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_optimum_options o = box(2, 1.0, 10.0);
    struct gw_optimum best;
    struct gw_error error = {0};
    (void)state;
    o.set.cost[0] = o.set.cost[1] = 100.0;
    o.set.budget = 150.0;
    assert_int_equal(gw_optimum_find(&response, &o, &best, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "the budget of 150 is less than the least that the levers cost, 200"));
    o.set.budget = 2500.0;
    o.set.spend_all = true;
    error.status = 0;
    assert_int_equal(gw_optimum_find(&response, &o, &best, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "the budget of 2500 is more than the most that the levers can spend, 2000"));
    assert_int_equal(noisy.asked, 0);
}

static double quadratic(const double *x)
{
    return 7.0 + 2.0 * x[0] - 3.0 * x[1] - x[0] * x[0] - 0.5 * x[1] * x[1] + 0.4 * x[0] * x[1];
}

static void test_surface(void **state)
{
    struct gw_feasible set = {.dimensions = 2, .low = {-2, -5}, .high = {3, 4}, .budget = INFINITY};
    struct gw_surface_fit *fit = NULL;
    struct gw_surface surface;
    double x[9 * 2], value[9], top[2] = {0.0, 0.0}, gradient[2];
    (void)state;
    for (int k = 0; k < 9; k++) {
        x[2 * k] = k % 3 - 1.0;
        x[2 * k + 1] = 2.0 * (double)(k / 3) - 2.0;
        value[k] = quadratic(x + 2 * k);
    }
    assert_int_equal(gw_surface_terms(&set), 6);
    assert_int_equal(gw_surface_fit_create(&fit, &set, x, 9, NULL), 0);
    assert_int_equal(gw_surface_solve(fit, value, &surface, NULL), 0);
    const double at[2] = {0.3, 1.7};
    assert_close(gw_surface_at(&surface, at), quadratic(at), 1e-10, 0.0);
    gw_surface_gradient(&surface, at, gradient);
    assert_close(gradient[0], 2.0 - 0.6 + 0.4 * 1.7, 1e-9, 0.0);
    gw_surface_maximise(&surface, top); /* 2 a - 0.4 b = 2, b - 0.4 a = -3 */
    assert_close(top[0], 0.8 / 1.84, 0.0, 1e-4);
    assert_close(top[1], -3.0 + 0.4 * 0.8 / 1.84, 0.0, 1e-4);
    gw_surface_fit_free(fit);
    assert_int_equal(gw_surface_fit_create(&fit, &set, x, 5, NULL), GW_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interior),   cmocka_unit_test(test_coverage),    cmocka_unit_test(test_steps),
        cmocka_unit_test(test_bound),      cmocka_unit_test(test_flat),        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_goals),      cmocka_unit_test(test_requirement), cmocka_unit_test(test_winners_curse),
        cmocka_unit_test(test_projection), cmocka_unit_test(test_infeasible),  cmocka_unit_test(test_surface),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Fits recover the parameters that made the data, and those published for the CDNOW and sBG data sets. */
#include "close.h"
#include "fit.h"
#include "purchases.h"

#include "core/draws.h"
#include "core/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void test_days(void **state)
{
    (void)state;
    assert_int_equal(law_day(1970, 1, 1), 0);
    assert_int_equal(law_day(2000, 2, 29), 11016);
    assert_int_equal(law_day(2000, 3, 1), 11017);
    assert_int_equal(law_day(1997, 9, 30) - law_day(1997, 1, 1), 272);
}

static void test_histories_merge_purchases_of_a_day(void **state)
{
    (void)state;
    struct law_purchase purchases[] = {{2, 14}, {1, 7}, {1, 0}, {1, 7}, {1, 70}, {3, 50}};
    struct law_history h[6];
    assert_int_equal(law_histories(purchases, 6, 28, h), 2);
    assert_int_equal(h[0].x, 1);
    assert_true(h[0].t_x == 1.0 && h[0].t == 4.0);
    assert_int_equal(h[1].x, 0);
    assert_true(h[1].t_x == 0.0 && h[1].t == 2.0);
}

/* ---- BG/NBD -------------------------------------------------------------------------------------------- */

enum { CUSTOMERS = 20000 };

/* A customer as the model has it: a rate, a dropout probability, purchases until dropout or time t. */
static struct law_history simulate(const struct gw_quantile *rate, const struct gw_quantile *dropout,
                                   const struct gw_key *key, uint32_t who, double t)
{
    const double lambda = gw_quantile_at(rate, gw_uniform_start(key, who, 1, 0));
    const double p = gw_quantile_at(dropout, gw_uniform_start(key, who, 2, 0));
    struct law_history h = {0, 0.0, t};
    for (uint32_t d = 0;; d += 2) {
        const double next = h.t_x - log(gw_uniform_start(key, who, 3, d)) / lambda;
        if (next > t) {
            return h;
        }
        h.t_x = next;
        h.x++;
        if (gw_uniform_start(key, who, 3, d + 1) < p) {
            return h;
        }
    }
}

static struct gw_quantile *make(enum gw_family family, double a, double b)
{
    struct gw_quantile *q = NULL;
    assert_int_equal(gw_quantile_create(&q, (struct gw_distribution){family, a, b, 0.0}, NULL), GW_OK);
    return q;
}

/* Twice the drop of the log-likelihood from the fit to the truth is chi-square with 4 degrees of freedom: mean 4,
 * sd sqrt 8. It is never negative, or the fit is not the maximum. */
static void test_bg_nbd_parameters_are_recovered(void **state)
{
    (void)state;
    const struct law_bg_nbd truth = {0.6, 4.0, 0.8, 2.4};
    const struct gw_key key = gw_key_make(314159, 0, 9);
    struct gw_quantile *rate = make(GW_GAMMA, truth.r, truth.alpha), *dropout = make(GW_BETA, truth.a, truth.b);
    struct law_history *history = malloc(CUSTOMERS * sizeof *history);
    struct law_bg_nbd fitted;
    double log_likelihood, mean = 0.0, square = 0.0;
    assert_non_null(history);
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        history[i] = simulate(rate, dropout, &key, i, 39.0);
        mean += history[i].x / (double)CUSTOMERS;
        square += (double)history[i].x * history[i].x / CUSTOMERS;
    }
    assert_within_4_se(mean, law_bg_nbd_mean(truth, 39.0), sqrt((square - mean * mean) / CUSTOMERS));
    assert_int_equal(law_bg_nbd_fit(history, CUSTOMERS, &fitted, &log_likelihood), 0);
    const double twice = 2.0 * (log_likelihood - law_bg_nbd_log_likelihood(truth, history, CUSTOMERS));
    assert_true(twice >= 0.0);
    assert_within_4_se(twice, 4.0, sqrt(8.0));
    assert_close(fitted.r, truth.r, 0.1, 0.0);
    assert_close(fitted.alpha, truth.alpha, 0.1, 0.0);
    assert_close(fitted.a / (fitted.a + fitted.b), truth.a / (truth.a + truth.b), 0.1, 0.0);
    free(history);
    gw_quantile_free(rate);
    gw_quantile_free(dropout);
}

/* Fader, Hardie & Lee 2005, Marketing Science 24, table 2: weeks 1-39 of the CDNOW cohort. */
static void test_bg_nbd_on_cdnow(void **state)
{
    (void)state;
    const char *path = test_data("cdnow/cdnow_sample.csv");
    if (path == NULL) {
        skip();
    }
    struct law_purchase *purchases;
    const long n = law_purchases_read(path, &purchases);
    assert_int_equal(n, 6919);
    struct law_history *history = malloc((size_t)n * sizeof *history);
    assert_non_null(history);
    const size_t customers = law_histories(purchases, (size_t)n, law_day(1997, 9, 30), history);
    assert_int_equal(customers, 2357);
    long repeats = 0, never = 0;
    for (size_t i = 0; i < customers; i++) {
        repeats += history[i].x;
        never += history[i].x == 0;
    }
    assert_int_equal(repeats, 2457);
    assert_int_equal(never, 1411);
    struct law_bg_nbd p;
    double log_likelihood;
    assert_int_equal(law_bg_nbd_fit(history, customers, &p, &log_likelihood), 0);
    assert_close(p.r, 0.243, 0.0, 0.0005);
    assert_close(p.alpha, 4.414, 0.0, 0.001); /* the likelihood is flat: the last digit is the optimiser's */
    assert_close(p.a, 0.793, 0.0, 0.001);
    assert_close(p.b, 2.426, 0.0, 0.003);
    assert_close(log_likelihood, -9582.4, 0.0, 0.05);
    free(history);
    free(purchases);
}

/* ---- sBG ----------------------------------------------------------------------------------------------- */

/* A cohort that loses exactly what the model expects is fitted exactly. */
static void test_sbg_is_recovered_exactly(void **state)
{
    (void)state;
    double alive[13], alpha, beta, log_likelihood;
    for (int t = 0; t <= 12; t++) {
        alive[t] = 1000.0 * law_sbg_survival(0.704, 1.182, t);
    }
    assert_int_equal(law_sbg_fit(alive, 12, &alpha, &beta, &log_likelihood), 0);
    assert_close(alpha, 0.704, 1e-4, 0.0);
    assert_close(beta, 1.182, 1e-4, 0.0);
}

static int read_survivors(const char *path, double regular[8], double high_end[8])
{
    char line[128];
    int n = 0, year;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -1;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        double percent[2];
        if (n < 8 && sscanf(line, "%d,%lf,%lf", &year, &percent[0], &percent[1]) == 3 && year == n) {
            regular[n] = 10.0 * percent[0]; /* of 1000 customers */
            high_end[n] = 10.0 * percent[1];
            n++;
        }
    }
    fclose(file);
    return n;
}

/* Fader & Hardie 2007, Journal of Interactive Marketing 21, years 1-7. */
static void test_sbg_on_the_published_cohorts(void **state)
{
    (void)state;
    const char *path = test_data("sbg_retention/sbg_years_0_7.csv");
    if (path == NULL) {
        skip();
    }
    double regular[8], high_end[8], alpha, beta, log_likelihood;
    assert_int_equal(read_survivors(path, regular, high_end), 8);
    assert_int_equal(law_sbg_fit(regular, 7, &alpha, &beta, &log_likelihood), 0);
    assert_close(alpha, 0.704, 0.0, 0.0005);
    assert_close(beta, 1.182, 0.0, 0.0005);
    assert_close(log_likelihood, -1680.27, 0.0, 0.006);
    assert_int_equal(law_sbg_fit(high_end, 7, &alpha, &beta, &log_likelihood), 0);
    assert_close(alpha, 0.668, 0.0, 0.0005);
    assert_close(beta, 3.806, 0.0, 0.0005);
    assert_close(log_likelihood, -1611.16, 0.0, 0.006);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_histories_merge_purchases_of_a_day),
        cmocka_unit_test(test_bg_nbd_parameters_are_recovered),
        cmocka_unit_test(test_bg_nbd_on_cdnow),
        cmocka_unit_test(test_sbg_is_recovered_exactly),
        cmocka_unit_test(test_sbg_on_the_published_cohorts),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

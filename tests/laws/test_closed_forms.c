/* The closed forms against published values and against independent integrals and sums. */
#include "close.h"
#include "closed_forms.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>

#include <math.h>

/* Fitted to the CDNOW cohort, per week: Fader, Hardie & Lee 2005, Marketing Science 24, table 2. */
static const struct law_bg_nbd bg = {0.243, 4.414, 0.793, 2.426};
static const struct law_pareto_nbd pareto = {0.553, 10.578, 0.606, 11.669};

/* Agreement to the printed digits. */
#define assert_digits(got, want, digits) assert_close((got), (want), 0.0, 0.5000001 * pow(10.0, -(digits)))

/* ---- Purchases ----------------------------------------------------------------------------------------- */

static void test_nbd(void **state)
{
    (void)state;
    const double r = 0.3848, alpha = 12.072, t = 39.0;
    double sum = 0.0, mean = 0.0;
    for (int x = 0; x < 400; x++) {
        const double share = law_nbd_pmf(x, r, alpha, t);
        assert_close(share, gsl_ran_negative_binomial_pdf((unsigned)x, alpha / (alpha + t), r), 1e-10, 0.0);
        sum += share;
        mean += x * share;
    }
    assert_close(sum, 1.0, 1e-12, 0.0);
    assert_close(mean, law_nbd_mean(r, alpha, t), 1e-12, 0.0);
    assert_close(law_nbd_pmf(0, r, alpha, t), pow(alpha / (alpha + t), r), 1e-13, 0.0);
}

static void test_pareto_nbd(void **state)
{
    (void)state;
    assert_digits(law_pareto_nbd_mean(pareto, 39.0), 1.2130, 4);
    assert_digits(law_pareto_nbd_mean(pareto, 78.0), 1.9094, 4);
    assert_digits(law_pareto_nbd_zero(pareto, 39.0), 0.5936, 4);
    assert_digits(law_pareto_nbd_alive(pareto, 39.0), 0.4107, 4);
    assert_digits(law_pareto_nbd_alive(pareto, 52.0), 0.3576, 4);
    assert_digits(law_pareto_nbd_alive(pareto, 78.0), 0.2906, 4);
    const struct law_pareto_nbd one = {0.5, 10.0, 1.0, 12.0}, near_one = {0.5, 10.0, 1.0 + 1e-7, 12.0};
    assert_close(law_pareto_nbd_mean(one, 50.0), law_pareto_nbd_mean(near_one, 50.0), 1e-6, 0.0);
}

/* Dies at y without having bought. */
static double dies_unseen(double y, void *data)
{
    const struct law_pareto_nbd *p = data;
    return p->s / p->beta * pow(p->beta / (p->beta + y), p->s + 1.0) * pow(p->alpha / (p->alpha + y), p->r);
}

/* Both branches of the hypergeometric form against the integral over the lifetime. */
static void test_pareto_nbd_zero_is_an_integral(void **state)
{
    (void)state;
    struct law_pareto_nbd cases[] = {pareto, {0.553, 20.0, 0.606, 5.0}, {2.0, 3.0, 1.5, 40.0}, {1.2, 7.0, 3.0, 7.0}};
    gsl_integration_workspace *w = gsl_integration_workspace_alloc(200);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct law_pareto_nbd p = cases[i];
        gsl_function f = {dies_unseen, &cases[i]};
        for (double t = 1.0; t < 200.0; t *= 3.0) {
            double dead, off;
            assert_int_equal(gsl_integration_qag(&f, 0.0, t, 1e-13, 1e-11, 200, GSL_INTEG_GAUSS31, w, &dead, &off),
                             0);
            const double alive = law_pareto_nbd_alive(p, t) * pow(p.alpha / (p.alpha + t), p.r);
            assert_close(law_pareto_nbd_zero(p, t), alive + dead, 1e-9, 0.0);
        }
    }
    gsl_integration_workspace_free(w);
}

static void test_bg_nbd(void **state)
{
    (void)state;
    assert_digits(law_bg_nbd_mean(bg, 39.0), 1.1967, 4);
    assert_digits(law_bg_nbd_mean(bg, 78.0), 1.8605, 4);
    assert_digits(law_bg_nbd_pmf(bg, 0, 39.0), 0.5738, 4);
    assert_digits(law_bg_nbd_pmf(bg, 1, 39.0), 0.1994, 4);
    assert_digits(law_bg_nbd_pmf(bg, 2, 39.0), 0.0854, 4);
}

/* The probabilities add to 1 and their mean is the one of the hypergeometric form. */
static void test_bg_nbd_pmf_and_mean_agree(void **state)
{
    (void)state;
    double sum = 0.0, mean = 0.0;
    for (int x = 0; x < 300; x++) {
        sum += law_bg_nbd_pmf(bg, x, 39.0);
        mean += x * law_bg_nbd_pmf(bg, x, 39.0);
    }
    assert_close(sum, 1.0, 1e-9, 0.0);
    assert_close(mean, law_bg_nbd_mean(bg, 39.0), 1e-8, 0.0);
}

static void test_bg_nbd_alive(void **state)
{
    (void)state;
    assert_true(law_bg_nbd_alive(bg, 0, 0.0, 39.0) == 1.0);
    /* right after a purchase: dropout p has the posterior beta(a, b + x - 1) before that purchase */
    assert_close(law_bg_nbd_alive(bg, 3, 39.0, 39.0), (bg.b + 2.0) / (bg.a + bg.b + 2.0), 1e-14, 0.0);
    assert_true(law_bg_nbd_alive(bg, 10, 5.0, 39.0) < law_bg_nbd_alive(bg, 1, 5.0, 39.0));
}

static void test_gamma_gamma(void **state)
{
    (void)state;
    assert_digits(law_gamma_gamma_mean(6.25, 3.74, 15.44), 35.22, 2);
    assert_close(law_gamma_gamma_weight(6.25, 3.74, 0), 0.0, 0.0, 0.0);
    assert_close(law_gamma_gamma_weight(6.25, 3.74, 1), 6.25 / 8.99, 1e-14, 0.0);
    assert_true(isnan(law_gamma_gamma_mean(6.25, 1.0, 15.44)));
}

/* Fader & Hardie 2007: aggregate retention rises although no customer changes. */
static void test_sbg(void **state)
{
    (void)state;
    const double high_end[] = {0.851, 0.878, 0.897, 0.911, 0.921};
    for (int t = 1; t <= 5; t++) {
        assert_digits(law_sbg_retention(0.668, 3.806, t), high_end[t - 1], 3);
    }
    assert_digits(law_sbg_survival(0.668, 3.806, 7), 0.489, 3);
    assert_digits(law_sbg_survival(0.668, 3.806, 12), 0.378, 3);
    assert_digits(law_sbg_retention(0.704, 1.182, 1), 0.627, 3);
    assert_digits(law_sbg_retention(0.704, 1.182, 5), 0.880, 3);
    assert_digits(law_sbg_survival(0.704, 1.182, 12), 0.170, 3);
    double product = 1.0;
    for (int t = 1; t <= 20; t++) {
        product *= law_sbg_retention(0.704, 1.182, t);
        assert_close(law_sbg_survival(0.704, 1.182, t), product, 1e-12, 0.0);
    }
}

/* ---- Choice and valuation of outcomes ------------------------------------------------------------------- */

static void test_logit(void **state)
{
    (void)state;
    double utility[4] = {800.0, 800.0, 800.0, 800.0}, share[4];
    law_logit_shares(4, utility, share);
    for (int j = 0; j < 4; j++) {
        assert_true(share[j] == 0.25);
    }
    utility[2] += 3.493 * 0.1; /* a tenth off the price */
    law_logit_shares(4, utility, share);
    assert_digits(share[2], 0.321, 3);
    assert_close(share[0] + share[1] + share[2] + share[3], 1.0, 1e-15, 0.0);
    /* experience for price: utility moved to the other attribute at the ratio of the weights changes nothing */
    const double price_weight = 3.493, experience_weight = 1.7, gain = 0.3;
    double by_price[2] = {price_weight * gain, 0.0}, swapped[2], direct[2];
    double by_experience[2] = {experience_weight * (gain * price_weight / experience_weight), 0.0};
    law_logit_shares(2, by_price, direct);
    law_logit_shares(2, by_experience, swapped);
    assert_close(swapped[0], direct[0], 1e-15, 0.0);
}

struct outcome {
    double k, lambda;
};

static double valued(double x, void *data)
{
    const struct outcome *o = data;
    return (x < 0.0 ? o->lambda * x : x) * gsl_ran_ugaussian_pdf(x - o->k);
}

static void test_loss_aversion(void **state)
{
    (void)state;
    assert_digits(law_loss_averse_mean(0.0, 2.0), -0.399, 3);
    assert_digits(law_loss_averse_mean(0.5, 2.0), 0.302, 3);
    assert_close(law_loss_averse_mean(0.0, 2.0), -1.0 / sqrt(2.0 * M_PI), 1e-15, 0.0);
    assert_close(law_loss_averse_mean(0.7, 1.0), 0.7, 1e-15, 0.0);
    struct outcome o = {-0.8, 2.5};
    gsl_function f = {valued, &o};
    gsl_integration_workspace *w = gsl_integration_workspace_alloc(200);
    double losses, gains, off;
    assert_int_equal(gsl_integration_qag(&f, -12.0, 0.0, 1e-13, 1e-12, 200, GSL_INTEG_GAUSS31, w, &losses, &off), 0);
    assert_int_equal(gsl_integration_qag(&f, 0.0, 12.0, 1e-13, 1e-12, 200, GSL_INTEG_GAUSS31, w, &gains, &off), 0);
    assert_close(law_loss_averse_mean(o.k, o.lambda), losses + gains, 1e-11, 0.0);
    gsl_integration_workspace_free(w);
}

/* ---- Queues -------------------------------------------------------------------------------------------- */

static void test_erlang_b_is_a_truncated_poisson(void **state)
{
    (void)state;
    for (int c = 1; c < 40; c += 3) {
        double sum = 0.0;
        for (int k = 0; k <= c; k++) {
            sum += gsl_ran_poisson_pdf((unsigned)k, 9.5);
        }
        assert_close(law_erlang_b(9.5, c), gsl_ran_poisson_pdf((unsigned)c, 9.5) / sum, 1e-12, 0.0);
    }
}

static void test_erlang_c(void **state)
{
    (void)state;
    assert_digits(law_erlang_c(8.0, 10), 0.4092, 4);
    assert_digits(law_erlang_c_wait(8.0, 10), 0.2046, 4);
    assert_digits(law_erlang_c(90.0, 100), 0.2169, 4);
    assert_close(law_erlang_c(0.7, 1), 0.7, 1e-14, 0.0); /* M/M/1: the server's load */
    assert_true(isnan(law_erlang_c(10.0, 10)));
}

static void test_erlang_a(void **state)
{
    (void)state;
    /* patience as long as service: customers in the system are Poisson(a) */
    const struct law_erlang_a a = law_erlang_a(10.0, 10, 1.0);
    double waits = 1.0, queue = 0.0;
    for (int n = 0; n < 10; n++) {
        waits -= gsl_ran_poisson_pdf((unsigned)n, 10.0);
    }
    for (int n = 11; n < 100; n++) {
        queue += (n - 10) * gsl_ran_poisson_pdf((unsigned)n, 10.0);
    }
    assert_digits(a.wait, 0.5421, 4);
    assert_digits(a.abandon, 0.1251, 4);
    assert_close(a.wait, waits, 1e-12, 0.0);
    assert_close(a.queue_mean, queue, 1e-12, 0.0);
    assert_close(a.abandon, queue / 10.0, 1e-12, 0.0);
    /* endless patience: Erlang-C; none: Erlang-B */
    const struct law_erlang_a patient = law_erlang_a(8.0, 10, 1e9), hasty = law_erlang_a(8.0, 10, 1e-9);
    assert_close(patient.wait, law_erlang_c(8.0, 10), 1e-7, 0.0);
    assert_close(patient.queue_mean, 8.0 * law_erlang_c_wait(8.0, 10), 1e-6, 0.0);
    assert_close(hasty.abandon, law_erlang_b(8.0, 10), 1e-7, 0.0);
    /* overload: what exceeds capacity gives up */
    assert_close(law_erlang_a(40.0, 10, 50.0).abandon, 0.75, 1e-3, 0.0);
}

/* ---- Value --------------------------------------------------------------------------------------------- */

static void test_customer_value(void **state)
{
    (void)state;
    assert_digits(law_clv_immediate(1.0, 0.8, 0.1), 3.6667, 4);
    assert_close(law_clv_immediate(1.0, 0.88, 0.1) / law_clv_immediate(1.0, 0.8, 0.1), 1.364, 0.0, 0.0005);
    assert_close(law_clv_immediate(1.0, 1.1 * 0.7674, 0.1) / law_clv_immediate(1.0, 0.7674, 0.1), 1.3, 0.0, 0.0005);
    assert_true(fabs(law_clv_immediate(1.0, 0.66, 0.1) / law_clv_immediate(1.0, 0.6, 0.1) - 1.3) > 0.1);
    assert_true(fabs(law_clv_immediate(1.0, 0.99, 0.1) / law_clv_immediate(1.0, 0.9, 0.1) - 1.3) > 0.1);
    /* with referrals at rate g a customer counts for r + g of the next period's: the edge falls to .698 at g = .1 */
    const double g = 0.1, edge = 0.3 / 0.43 * (1.1 - g);
    assert_digits(edge, 0.698, 3);
    assert_close(law_clv_immediate(1.0, 1.1 * edge + g, 0.1) / law_clv_immediate(1.0, edge + g, 0.1), 1.3, 1e-12,
                 0.0);
    double now = 0.0, later = 0.0;
    for (int t = 0; t < 1000; t++) {
        const double margin = 25.0 * pow(0.8 / 1.1, t);
        now += margin;
        later += t > 0 ? margin : 0.0;
    }
    assert_close(law_clv_immediate(25.0, 0.8, 0.1), now, 1e-12, 0.0);
    assert_close(law_clv_deferred(25.0, 0.8, 0.1), later, 1e-12, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nbd),
        cmocka_unit_test(test_pareto_nbd),
        cmocka_unit_test(test_pareto_nbd_zero_is_an_integral),
        cmocka_unit_test(test_bg_nbd),
        cmocka_unit_test(test_bg_nbd_pmf_and_mean_agree),
        cmocka_unit_test(test_bg_nbd_alive),
        cmocka_unit_test(test_gamma_gamma),
        cmocka_unit_test(test_sbg),
        cmocka_unit_test(test_logit),
        cmocka_unit_test(test_loss_aversion),
        cmocka_unit_test(test_erlang_b_is_a_truncated_poisson),
        cmocka_unit_test(test_erlang_c),
        cmocka_unit_test(test_erlang_a),
        cmocka_unit_test(test_customer_value),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

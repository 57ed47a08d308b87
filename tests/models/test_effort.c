#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("effort");
}

enum { CUSTOMERS = 2000, RATE = 10, ORDER, TERMS = 3 };

/* A firm whose customers' values are lognormal with variance 1, and whose response to effort is logarithmic to the
 * third order: x^c / (1 + x^c) = 1/2 + (c / 4) ln x near x = 1 for a small c. */
static struct one_rule *open_firm(void)
{
    struct one_rule *bench = one_rule_open("effort", 1);
    static const char *const pillars[] = {"spend.personalisation", "spend.integrity",   "spend.expectations",
                                          "spend.resolution",      "spend.time_effort", "spend.empathy"};
    for (int p = 0; p < 6; p++) {
        one_rule_set(bench, pillars[p], 100.0);
    }
    one_rule_set(bench, "half_spend", 100.0);
    one_rule_set(bench, "response_curve", 0.1);
    one_rule_set(bench, "treatment_floor", 0.2);
    one_rule_set(bench, "treatment_ceiling", 0.8);
    *(double *)one_rule_read(bench, "staff_quality") = 1.0;
    *(double *)one_rule_read(bench, "service_practice") = 1.0;
    one_rule_set(bench, "purchase_rate", 44.0);
    float *value = (float *)(uintptr_t)bench->bound.borrowed_consumer[ORDER];
    for (int i = 0; i < CUSTOMERS; i++) {
        value[i] = 20.0f * gw_expf(gw_normal_quantilef(((float)i + 0.5f) / CUSTOMERS));
    }
    one_rule_start(bench);
    one_rule_meet(bench, CUSTOMERS, 0);
    return bench;
}

/* One period: what was seen in the last one, then encounters. Returns the logits added. */
static const float *live(struct one_rule *bench)
{
    static const char *const stages[TERMS] = {"quality_information", "quality_purchase", "quality_after_sale"};
    int64_t seen[2] = {one_rule_tally(bench, "value_seen", 0, 0), one_rule_tally(bench, "value_counted", 0, 0)};
    for (int k = 0; k < TERMS; k++) {
        memset(one_rule_add(bench, stages[k]), 0, GW_BLOCK * sizeof(float));
    }
    one_rule_run(bench, GW_SERVE);
    one_rule_run(bench, GW_EXPERIENCE);
    one_rule_run(bench, GW_ACCOUNT);
    *one_rule_watch(bench, "value_seen") = one_rule_tally(bench, "value_seen", 0, 0) - seen[0];
    *one_rule_watch(bench, "value_counted") = one_rule_tally(bench, "value_counted", 0, 0) - seen[1];
    return one_rule_add(bench, stages[1]);
}

/* Effort by which quality rises from one half, from the logit added: q = .2 + .6 / (1 + e^(-.1 ln effort)). */
static double effort_of(float added)
{
    const double q = gw_sigmoid((double)added);
    return exp(10.0 * gw_logit((q - 0.2) / 0.6));
}

/* The first period tells what customers are worth; from then on effort follows value and its mean is 1. */
static void test_nothing_more_is_spent(void **state)
{
    (void)state;
    struct one_rule *bench = open_firm();
    one_rule_set(bench, "effort_focus", 1.0);
    const float *added = live(bench); /* the exponent is new */
    assert_close((double)added[7], 0.0, 0.0, 0.0);
    (void)live(bench);
    added = live(bench);
    double sum = 0.0;
    for (int i = 0; i < CUSTOMERS; i++) {
        sum += effort_of(added[i]);
    }
    assert_close(sum / CUSTOMERS, 1.0, 1e-3, 0.0);
    assert_close(effort_of(added[1900]) / effort_of(added[100]),
                 (double)(bench->bound.borrowed_consumer[ORDER][1900] / bench->bound.borrowed_consumer[ORDER][100]),
                 1e-3, 0.0);
    one_rule_close(bench);
}

/* Quality as customers' money weighs it. */
static double worth(double focus, double error)
{
    struct one_rule *bench = open_firm();
    one_rule_set(bench, "effort_focus", focus);
    one_rule_set(bench, "value_error", error);
    (void)live(bench);
    (void)live(bench);
    const float *added = live(bench);
    const float *value = bench->bound.borrowed_consumer[ORDER];
    double sum = 0.0, all = 0.0;
    for (int i = 0; i < CUSTOMERS; i++) {
        sum += (double)value[i] * gw_sigmoid((double)added[i]);
        all += (double)value[i];
    }
    one_rule_close(bench);
    return sum / all;
}

/* Under a logarithmic response sum v ln e is largest, for a given sum of e, at e in proportion to v: g = 1. */
static void test_proportion_is_best(void **state)
{
    (void)state;
    const double at[] = {worth(0.0, 0.0), worth(0.75, 0.0), worth(1.0, 0.0), worth(1.25, 0.0), worth(2.0, 0.0)};
    assert_true(at[0] < at[1] && at[1] < at[2] && at[2] > at[3] && at[3] > at[4]);
}

/* What is seen of a value with reliability r = var ln v / (var ln v + error^2) tells v^r on average: g = r. Here r =
 * 1/2; standard errors of the optimum are about .03. */
static void test_doubt_evens_out(void **state)
{
    (void)state;
    const double at[] = {worth(0.0, 1.0), worth(0.25, 1.0), worth(0.5, 1.0), worth(0.75, 1.0), worth(1.0, 1.0)};
    assert_true(at[0] < at[1] && at[1] < at[2] && at[2] > at[3] && at[3] > at[4]);
}

/* Who is worth nothing counts as a thousandth of the usual, not as infinitely little. */
static void test_nobody_is_nothing(void **state)
{
    (void)state;
    struct one_rule *bench = open_firm();
    ((float *)(uintptr_t)bench->bound.borrowed_consumer[ORDER])[3] = 0.0f;
    one_rule_set(bench, "effort_focus", 2.0);
    (void)live(bench);
    (void)live(bench);
    const float *added = live(bench);
    assert_true(isfinite(added[3]) && added[3] < added[4]);
    one_rule_close(bench);
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=5", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),        cmocka_unit_test(test_nothing_more_is_spent),
        cmocka_unit_test(test_proportion_is_best), cmocka_unit_test(test_doubt_evens_out),
        cmocka_unit_test(test_nobody_is_nothing),  cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

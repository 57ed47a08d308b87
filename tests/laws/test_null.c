/* Where experience changes nothing the answer is known: scenarios/null.yaml against closed forms. */
#include "closed_forms.h"
#include "lab.h"

#include "outcome/value.h"
#include "scenario/catalogue.h"

#include <gsl/gsl_sf_lambert.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct lab *lab;

static int run_scenario(void **state)
{
    (void)state;
    static const char *const shorter[] = {"replications=16", NULL};
    law_silence_gsl();
    lab = lab_run_file(GOODWILL_SCENARIOS "/null.yaml", shorter, (struct lab_options){.threads = 2});
    return 0;
}

static int free_scenario(void **state)
{
    (void)state;
    lab_free(lab);
    return 0;
}

/* A number of a strategy, of the one segment, firm or market there is. */
static double number(int strategy, const char *area, const char *name)
{
    const int index = gw_catalogue_find(area, name);
    assert_true(index >= 0);
    return lab->scenario->strategy[strategy].values.number[index][0].value;
}

static int strategy_named(const char *name)
{
    for (int s = 0; s < lab->scenario->strategies; s++) {
        if (strcmp(lab->scenario->strategy[s].name, name) == 0) {
            return s;
        }
    }
    fail_msg("no strategy %s", name);
    return -1;
}

/* ---- Money spent on nothing ------------------------------------------------------------------------------ */

static double company_value(int strategy, uint32_t replication)
{
    return gw_worth_of(&lab->layout, lab->record[replication], strategy, lab->scenario->years).company_value;
}

/* Spend of `per_week` over the horizon, and for ever after at the rate d + fade. */
static double discounted(double per_week)
{
    const double d = number(0, "market", "discount_rate"), fade = number(0, "market", "fade");
    const double v = pow(1.0 + d, -lab->scenario->years);
    double sum = 0.0;
    for (uint32_t t = 0; t < lab->layout.periods; t++) {
        sum += per_week * 52.0 * lab->scenario->years * pow(v, t + 1.0);
    }
    return sum + pow(v, lab->layout.periods) * per_week * 52.0 / (d + fade);
}

static void test_spend_is_lost_to_the_last_unit(void **state)
{
    (void)state;
    const int spender = strategy_named("spend_for_nothing");
    const double lost =
        discounted(number(spender, "firms", "spend.empathy") + number(spender, "firms", "spend.resolution"));
    assert_true(lost > 1e5);
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        const double base = company_value(0, r);
        assert_close(base - company_value(spender, r), lost, 0.0, 1e-12 * base);
    }
}

/* Customers do notice, and tell when asked; they buy the same. */
static void test_spend_is_noticed(void **state)
{
    (void)state;
    const int spender = strategy_named("spend_for_nothing");
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        assert_true(lab_sum(lab, spender, r, "answers", 2, 0) > lab_sum(lab, 0, r, "answers", 2, 0));
        for (uint32_t t = 0; t < lab->layout.periods; t++) {
            assert_int_equal(lab_cell(lab, spender, r, t, "purchases", 0, 0),
                             lab_cell(lab, 0, r, t, "purchases", 0, 0));
            assert_int_equal(lab_account(lab, spender, r, t, GW_REVENUE, 0),
                             lab_account(lab, 0, r, t, GW_REVENUE, 0));
        }
    }
}

/* ---- The best price ---------------------------------------------------------------------------------------- */

/* One firm against "not now": share s(p) = 1 / (1 + e^-(a - b (p - 1))). The first-order condition of (p - c) s(p),
 * b (p - c) (1 - s) = 1, has with y = s / (1 - s) = e^(a - b (p - 1)) the form b (p - c) = 1 + y, so that
 * y e^y = e^(a + b - b c - 1): y is Lambert's W of the right-hand side. */
struct market {
    double a, b, c, occasions, order_value; /* occasions of all consumers over the horizon */
};

static struct market market(void)
{
    const double years = lab->scenario->horizon * lab->scenario->years;
    return (struct market){
        .a = number(0, "population", "category_appeal"),
        .b = number(0, "population", "price_sensitivity"),
        .c = number(0, "firms", "unit_cost") + number(0, "firms", "serve_cost"),
        .occasions = lab->scenario->population * number(0, "population", "purchase_rate") * years,
        .order_value = number(0, "population", "order_value"),
    };
}

static double best_price(struct market m)
{
    return m.c + (1.0 + gsl_sf_lambert_W0(exp(m.a + m.b - m.b * m.c - 1.0))) / m.b;
}

static double expected_profit(struct market m, double price)
{
    return m.occasions * m.order_value * (price - m.c) / (1.0 + exp(m.b * (price - 1.0) - m.a));
}

static double profit(int strategy, uint32_t replication)
{
    int64_t micro = 0;
    for (uint32_t t = 0; t < lab->layout.periods; t++) {
        micro += lab_account(lab, strategy, replication, t, GW_CASH, 0);
    }
    return (double)micro / 1e6;
}

struct sample {
    double mean, se;
};

/* Of the profit of a strategy, less that of `base` unless it is -1. */
static struct sample profits(int strategy, int base)
{
    const double n = lab->scenario->replications;
    double sum = 0.0, squares = 0.0;
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        const double x = profit(strategy, r) - (base < 0 ? 0.0 : profit(base, r));
        sum += x;
        squares += x * x;
    }
    return (struct sample){sum / n, sqrt((squares - sum * sum / n) / (n - 1.0) / n)};
}

static void test_status_quo_is_at_the_optimum(void **state)
{
    (void)state;
    const struct market m = market();
    const double p = best_price(m), share = 1.0 / (1.0 + exp(m.b * (p - 1.0) - m.a));
    assert_close(p - m.c, 1.0 / (m.b * (1.0 - share)), 1e-12, 0.0);
    assert_close(p, number(0, "firms", "price"), 0.0, 1e-4);
}

/* Every price earns what the closed form says, alone and in paired comparison with the best; and is visibly worse
 * wherever the closed form puts the difference beyond twice the tolerance. */
static void test_profit_follows_the_closed_form(void **state)
{
    (void)state;
    const struct market m = market();
    const double best = expected_profit(m, number(0, "firms", "price"));
    int visible = 0;
    for (int s = 0; s < lab->scenario->strategies; s++) {
        if (s == strategy_named("spend_for_nothing")) {
            continue;
        }
        const double want = expected_profit(m, number(s, "firms", "price"));
        const struct sample alone = profits(s, -1), paired = profits(s, 0);
        assert_within_4_se(alone.mean, want, alone.se);
        if (s == 0) {
            continue;
        }
        assert_within_4_se(paired.mean, want - best, paired.se);
        if (best - want > 8.0 * paired.se) {
            assert_true(paired.mean < -4.0 * paired.se);
            visible++;
        }
    }
    assert_int_equal(visible, 6); /* all of them: the pairing sees even 5% */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spend_is_lost_to_the_last_unit),
        cmocka_unit_test(test_spend_is_noticed),
        cmocka_unit_test(test_status_quo_is_at_the_optimum),
        cmocka_unit_test(test_profit_follows_the_closed_form),
    };
    return cmocka_run_group_tests(tests, run_scenario, free_scenario);
}

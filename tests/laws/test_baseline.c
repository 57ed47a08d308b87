/*
 * Who wins in scenarios/baseline.yaml, and where the winner flips: the numbers in the file's heading.
 *
 * Behaviour does not depend on what goods or quality cost the firm, so company value is exactly linear in unit_cost
 * and in the cost of quality (spend and half_spend together), and the flips follow from one run: value of the flow in
 * one account is the same functional as company value. Intervals are those of a ratio of means (delta method).
 */
#include "lab.h"

#include "core/maths.h"
#include "scenario/catalogue.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_QUO, PRICE_CUT, EXPERIENCE };

/* Present value of an account's flow, terminal part included, as company value is computed under `fade`. */
static double value_of(const struct lab *lab, int strategy, uint32_t replication, enum gw_account account)
{
    const struct gw_valuation v = gw_record_valuation(&lab->layout, lab->record[replication], strategy);
    const double factor = pow(1.0 + v.discount_rate, -lab->scenario->years);
    const uint32_t periods = lab->layout.periods, year = (uint32_t)lround(1.0 / lab->scenario->years);
    double discount = 1.0, sum = 0.0, last_year = 0.0;
    for (uint32_t t = 0; t < periods; t++) {
        const double flow =
            (double)lab_account(lab, strategy, replication, t, account, lab->scenario->focal) / GW_MICRO;
        discount *= factor;
        sum += flow * discount;
        last_year += t >= periods - year ? flow : 0.0;
    }
    return sum + discount * last_year / (v.discount_rate + v.fade);
}

/* Differences in value of an account between two strategies, by replication. */
static void differences(const struct lab *lab, int a, int b, enum gw_account account, double *out)
{
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        out[r] = value_of(lab, a, r, account) - value_of(lab, b, r, account);
    }
}

struct interval {
    double estimate, half;
};

/* Ratio of means of y to x with its 95% half-width: var(y - q x) / n / mean(x)^2. */
static struct interval ratio(const double *y, const double *x, uint32_t n)
{
    double sum_y = 0.0, sum_x = 0.0, squares = 0.0;
    for (uint32_t r = 0; r < n; r++) {
        sum_y += y[r];
        sum_x += x[r];
    }
    const double q = sum_y / sum_x;
    for (uint32_t r = 0; r < n; r++) {
        squares += (y[r] - q * x[r]) * (y[r] - q * x[r]);
    }
    return (struct interval){q, 1.96 * sqrt(squares / (n - 1.0) / n) / fabs(sum_x / n)};
}

/* Mean of y in units of `unit`; `scratch` is overwritten. */
static struct interval mean_in(double unit, const double *y, double *scratch, uint32_t n)
{
    for (uint32_t r = 0; r < n; r++) {
        scratch[r] = unit;
    }
    return ratio(y, scratch, n);
}

/* The heading states `text` followed by a number; it must lie within twice the interval of what is measured now. */
static void check_heading(const char *file, const char *text, struct interval measured)
{
    const char *found = strstr(file, text);
    if (found == NULL) {
        fail_msg("the heading of the baseline does not say '%s'", text);
        return;
    }
    const double stated = strtod(found + strlen(text), NULL);
    print_message("%s%.3f, measured %.4f +- %.4f\n", text, stated, measured.estimate, measured.half);
    assert_close(stated, measured.estimate, 0.0, 2.0 * measured.half + 0.001);
}

static void test_flips_are_as_stated(void **state)
{
    (void)state;
    struct lab *lab = lab_run_file(BASELINE, NULL, (struct lab_options){.threads = 2});
    const uint32_t n = lab->scenario->replications;
    double *cash = calloc(n, sizeof *cash), *cost = calloc(n, sizeof *cost);
    assert_true(cash != NULL && cost != NULL);

    differences(lab, PRICE_CUT, STATUS_QUO, GW_CASH, cash);
    differences(lab, PRICE_CUT, STATUS_QUO, GW_COST_OF_GOODS, cost);
    struct interval flip = ratio(cash, cost, n); /* in parts of the unit cost in the file */
    const int unit_cost = gw_catalogue_find("firms", "unit_cost");
    const double base = lab->scenario->base.number[unit_cost][lab->scenario->focal].value;
    check_heading(lab->scenario->text, "the price cut pays while unit_cost is below ",
                  (struct interval){base * (1.0 + flip.estimate), base * flip.half});

    differences(lab, EXPERIENCE, STATUS_QUO, GW_CASH, cash);
    differences(lab, EXPERIENCE, STATUS_QUO, GW_EXPERIENCE_SPEND, cost);
    flip = ratio(cash, cost, n);
    check_heading(lab->scenario->text, "experience pays where quality costs less than ",
                  (struct interval){1.0 + flip.estimate, flip.half});

    differences(lab, EXPERIENCE, PRICE_CUT, GW_CASH, cash);
    differences(lab, EXPERIENCE, PRICE_CUT, GW_EXPERIENCE_SPEND, cost);
    flip = ratio(cash, cost, n);
    check_heading(lab->scenario->text, "experience beats the price cut where it costs less than ",
                  (struct interval){1.0 + flip.estimate, flip.half});

    differences(lab, STATUS_QUO, PRICE_CUT, GW_CASH, cash);
    check_heading(lab->scenario->text, "going on as before wins, by ", mean_in(1e3, cash, cost, n));
    for (uint32_t r = 0; r < n; r++) {
        cash[r] = value_of(lab, STATUS_QUO, r, GW_CASH);
    }
    check_heading(lab->scenario->text, " thousand (of ", mean_in(1e6, cash, cost, n));
    free(cash);
    free(cost);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_flips_are_as_stated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The engine and the oracle, consumer by consumer: finding firms, being served, trusting, offers, and cash; each
 * group of rules at lively values, then all at once.
 */
#include "pair.h"

#include "scenario/catalogue.h"

#include <stdio.h>

/* A scenario is put together from the parts of its groups: what stands under the firms, the market, the population.
 */
struct part {
    const char *us, *rival, *third, *market, *people;
};

static const struct part base = {
    "price: {schedule: {at: 10, to: 0.9}}, initial_share: 0.2, survey_rate: 0.4, half_spend: 60, "
    "spend: {empathy: 60, personalisation: 40, resolution: {schedule: {from: 5, until: 25, to: 90}}}",
    "price: 1.05, initial_share: 0.3, failure_rate: 0.1, repair_share: 0.5",
    "appeal: -0.2, treatment_ceiling: 0.7",
    "  value_price: 0.4\n"
    "  negative_ratio: 3\n",
    "  size: 2600\n"
    "  purchase_rate: {vary: {gamma: {shape: 0.45, mean: 44}}}\n"
    "  order_value: {vary: {lognormal: {mean: 20, sd: 10}}}\n"
    "  tells_per_experience: 0.5\n"
    "  tells_always: 0.05\n"
    "  price_sensitivity: {vary: {lognormal: {mean: 3, sd: 0.8}}}\n",
};

/* us opens late in the warm-up's view, the rival is short of money and closes, the third draws what is above. */
static const struct part cash = {
    "initial_cash: 100, fixed_cost: 300",
    "initial_cash: 2000, can_close: true, fixed_cost: 800",
    "opens: 0.25, initial_cash: 50, cash_ceiling: 400",
    "",
    "",
};

enum { MOST_PARTS = 8, ROOM = 1 << 14 };

struct text {
    char *at, *end;
};

static void put(struct text *t, const char *word)
{
    const int n = snprintf(t->at, (size_t)(t->end - t->at), "%s", word);
    t->at += n;
    assert_true(t->at < t->end);
}

/* One firm: the last part that names a number counts, so parts that repeat one replace it. */
static void put_firm(struct text *t, const char *name, const char *const words[], int n)
{
    put(t, "  ");
    put(t, name);
    put(t, ": {");
    for (int k = 0; k < n; k++) {
        put(t, k > 0 && words[k][0] != '\0' ? ", " : "");
        put(t, words[k]);
    }
    put(t, "}\n");
}

/* Parts must not name the same number twice. */
static void compose(char out[ROOM], const char *head, const struct part *const parts[], int n)
{
    const char *us[MOST_PARTS], *rival[MOST_PARTS], *third[MOST_PARTS];
    struct text t = {out, out + ROOM};
    for (int k = 0; k < n; k++) {
        us[k] = parts[k]->us;
        rival[k] = parts[k]->rival;
        third[k] = parts[k]->third;
    }
    put(&t, "goodwill: 1\nreplications: 1\nseed: 20261122\n");
    put(&t, head);
    put(&t, "firms:\n");
    put_firm(&t, "us", us, n);
    put_firm(&t, "rival", rival, n);
    put_firm(&t, "third", third, n);
    put(&t, "market:\n");
    for (int k = 0; k < n; k++) {
        put(&t, parts[k]->market);
    }
    put(&t, "population:\n");
    for (int k = 0; k < n; k++) {
        put(&t, parts[k]->people);
    }
}

#define WEEKS "horizon: 40\nwarm_up: 6\nnetwork: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"

static void live_with(const char *head, const struct part *const parts[], int n)
{
    char text[ROOM];
    compose(text, head, parts, n);
    pair_live(text);
}

static void test_cash(void **state)
{
    (void)state;
    live_with(WEEKS, (const struct part *const[]){&base, &cash}, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "life.h"

#include "close.h"

#include <math.h>

struct life life_of(struct gw_scenario *scenario, struct gw_network *network)
{
    struct gw_error error = {0};
    struct life w = {scenario, network, NULL};
    w.oracle = oracle_create(scenario, w.network, 0, &error);
    if (w.oracle == NULL) {
        fail_msg("%s", error.text);
    }
    return w;
}

struct life life_begin(struct gw_scenario *scenario, uint32_t reach)
{
    return life_of(scenario, by_hand_ring(scenario->population, reach));
}

void life_finish(struct life *w)
{
    oracle_free(w->oracle);
    by_hand_ring_free(w->network);
    by_hand_free(w->scenario);
}

void life_period(struct oracle *o, int strategy)
{
    struct gw_error error = {0};
    if (oracle_period(o, strategy, &error) != 0) {
        fail_msg("%s", error.text);
    }
}

struct gw_scenario *life_one_firm(uint32_t population, uint32_t horizon)
{
    struct gw_scenario *s = by_hand(population, 1, horizon);
    by_hand_set(s, "firms", "initial_share", 1.0);
    by_hand_set(s, "firms", "price", 1.0);
    by_hand_set(s, "market", "reference_price", 1.0);
    by_hand_set(s, "population", "order_value", 1.0);
    by_hand_set(s, "population", "category_appeal", 40.0);
    return s;
}

void life_mean(const double *x, uint32_t n, double truth)
{
    double sum = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += x[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        squares += (x[i] - sum / n) * (x[i] - sum / n);
    }
    assert_within_4_se(sum / n, truth, sqrt(squares / (n - 1.0) / n));
}

void life_share(int64_t k, double n, double truth)
{
    assert_within_4_se((double)k / n, truth, sqrt(truth * (1.0 - truth) / n));
}

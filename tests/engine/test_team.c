/* Several threads on one population give the bits of one. */
#include "lab.h"

#include <string.h>

/* Two segments that meet inside a block, more firms than slots, messages, a warm-up, two strategies: 7 blocks. */
#define MARKET                                                                                                       \
    "goodwill: 1\n"                                                                                                  \
    "horizon: 20\n"                                                                                                  \
    "warm_up: 6\n"                                                                                                   \
    "seed: 5\n"                                                                                                      \
    "population:\n"                                                                                                  \
    "  size: 13000\n"                                                                                                \
    "  relations: 3\n"                                                                                               \
    "  tells_per_experience: 2\n"                                                                                    \
    "  segments: {few: {share: 0.37, purchase_rate: 5, price_sensitivity: 1}, many: {share: 0.63}}\n"                \
    "network: {watts_strogatz: {degree: 6, rewire: 0.1, per_replication: true}}\n"                                   \
    "firms: {us: {}, local: {copies: 7}}\n"                                                                          \
    "focal: us\n"                                                                                                    \
    "strategies: {stay: {}, cut: {firms.us.price: 0.9, population.inertia: 0.2}}\n"

static void assert_same(struct lab_options one, struct lab_options other)
{
    char difference[200] = "";
    struct lab *a = lab_run_with(MARKET, one), *b = lab_run_with(MARKET, other);
    if (!lab_same(a, b, difference)) {
        fail_msg("%s", difference);
    }
    assert_true(lab_total(a, 0, "heard", 0, 0) > 0);
    lab_free(a);
    lab_free(b);
}

static void a_team_is_one(void **state)
{
    (void)state;
    static const char *const one[] = {"replications=1", NULL}, *const two[] = {"replications=2", NULL};
    assert_same((struct lab_options){.threads = 1, .overrides = one},
                (struct lab_options){.threads = 2, .overrides = one});
    assert_same((struct lab_options){.threads = 1, .overrides = one},
                (struct lab_options){.threads = 5, .overrides = one});
    assert_same((struct lab_options){.threads = 1, .overrides = two},
                (struct lab_options){.threads = 6, .overrides = two});
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_team_is_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "descriptors.h"
#include "one_rule.h"
#include <math.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("memory");
}

static double experience(struct one_rule *bench, uint32_t period, double satisfaction)
{
    bench->block.period = period;
    ((float *)one_rule_read(bench, "satisfaction"))[0] = (float)satisfaction;
    one_rule_meet(bench, 1, 1);
    one_rule_run(bench, GW_REMEMBER);
    return (double)((const float *)one_rule_column(bench, "remembered"))[GW_BLOCK];
}

static void test_off_remembers_nothing(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("memory", 2);
    one_rule_set(bench, "memory_take_up", 0.0);
    assert_true(experience(bench, 0, 2.0) == 0.0);
    assert_true(experience(bench, 1, -2.0) == 0.0);
    one_rule_close(bench);
}

/* A mean shrunk by half an experience: frequency alone moves nothing but the shrinkage. */
static void test_shrunk_mean(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("memory", 2);
    for (int n = 1; n <= 40; n++) {
        assert_close(experience(bench, 5, -0.8), -0.8 * n / (n + 0.5), 1e-5, 0.0);
    }
    one_rule_close(bench);
}

/* Good and bad of the same size, then half a year: the good is down to 1/e, the bad to 1/sqrt e. */
static void test_bad_memories_last_longer(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("memory", 2);
    experience(bench, 0, 1.0);
    assert_close(experience(bench, 0, -1.0), 0.0, 0.0, 1e-7);
    const double good = exp(-1.0), bad = exp(-0.5);
    assert_close(experience(bench, 26, 0.0), (good - bad) / (0.5 + good + bad + 1.0), 1e-5, 0.0);
    one_rule_close(bench);
}

static void test_equal_lives_keep_the_balance(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("memory", 2);
    one_rule_set(bench, "memory_good_life", 1.0);
    experience(bench, 0, 1.0);
    experience(bench, 0, -1.0);
    assert_close(experience(bench, 26, 0.0), 0.0, 0.0, 1e-7);
    one_rule_close(bench);
}

/* Decay does not depend on how the time is cut, nor reach other relations. */
static void test_decay_composes(void **state)
{
    (void)state;
    struct one_rule *once = one_rule_open("memory", 2), *twice = one_rule_open("memory", 2);
    experience(once, 3, 1.5);
    experience(twice, 3, 1.5);
    one_rule_set(twice, "memory_take_up", 0.0);
    experience(twice, 20, 1.0);
    one_rule_set(twice, "memory_take_up", 1.0);
    assert_close(experience(once, 90, 0.3), experience(twice, 90, 0.3), 1e-5, 0.0);
    assert_true(((const float *)one_rule_column(once, "remembered"))[0] == 0.0f);
    one_rule_close(once);
    one_rule_close(twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_remembers_nothing),
        cmocka_unit_test(test_shrunk_mean),
        cmocka_unit_test(test_bad_memories_last_longer),
        cmocka_unit_test(test_equal_lives_keep_the_balance),
        cmocka_unit_test(test_decay_composes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

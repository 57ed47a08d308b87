#include "one_rule.h"

static void test_descriptors(void **state)
{
    (void)state;
    one_rule_check_descriptors("telling");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_descriptors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "descriptors.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("billing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_descriptors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "close.h"

#include "models/registry.h"

#include <string.h>

/* The rule has no steps; what it must keep is that closing a replication finds its parameters in this order. */
static void test_parameters_in_the_order_the_outcome_reads(void **state)
{
    (void)state;
    const int position = gw_rule_find("valuation");
    assert_true(position >= 0);
    const struct gw_parameter *p = gw_rules(GW_ISA_PORTABLE)[position]->parameters;
    assert_string_equal(p[0].name, "discount_rate");
    assert_string_equal(p[1].name, "terminal");
    assert_string_equal(p[1].choices, "fade|run_off|none");
    assert_string_equal(p[2].name, "fade");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parameters_in_the_order_the_outcome_reads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The catalogue of all rules: complete, and free of names that a scenario file could not tell apart. */
#include "close.h"

#include "models/registry.h"
#include "scenario/catalogue.h"

#include <string.h>

static void test_every_parameter_is_found_where_it_stands(void **state)
{
    (void)state;
    int all = 0;
    for (int rule = 0; rule < gw_rule_count; rule++) {
        const struct gw_parameter *p = gw_rules(GW_ISA_PORTABLE)[rule]->parameters;
        for (int i = 0; p != NULL && p[i].name != NULL; i++, all++) {
            const int index = gw_catalogue_of_rule(rule, i);
            assert_int_equal(index, all);
            assert_ptr_equal(gw_catalogue_entry(index)->parameter, &p[i]);
            assert_int_equal(gw_catalogue_find(gw_scope_area(p[i].scope), p[i].name), index); /* unique in its area */
        }
    }
    assert_int_equal(gw_catalogue_size(), all);
    assert_null(gw_catalogue_entry(all));
    assert_null(gw_catalogue_entry(-1));
}

static void test_unknown_names(void **state)
{
    (void)state;
    assert_true(gw_catalogue_find("market", "discount_rate") >= 0);
    assert_int_equal(gw_catalogue_find("firms", "discount_rate"), -1);
    assert_int_equal(gw_catalogue_find("market", "discount"), -1);
    assert_int_equal(gw_catalogue_of_rule(-1, 0), -1);
}

/* Words of the language, and groups: "spend" cannot be a parameter beside "spend.empathy". */
static void test_no_name_is_taken(void **state)
{
    (void)state;
    static const char *const words[] = {"size", "segments", "share", "vary", "uncertain", "schedule"};
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        char group[200];
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            assert_string_not_equal(p->name, words[w]);
        }
        for (const char *dot = strchr(p->name, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
            memcpy(group, p->name, (size_t)(dot - p->name));
            group[dot - p->name] = '\0';
            assert_int_equal(gw_catalogue_find(gw_scope_area(p->scope), group), -1);
        }
    }
}

static void test_defaults_are_in_their_domain(void **state)
{
    (void)state;
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        assert_true(p->value >= p->low && p->value <= p->high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_parameter_is_found_where_it_stands),
        cmocka_unit_test(test_unknown_names),
        cmocka_unit_test(test_no_name_is_taken),
        cmocka_unit_test(test_defaults_are_in_their_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

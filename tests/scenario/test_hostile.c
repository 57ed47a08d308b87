/* Texts made to exhaust time, memory or the stack are refused at once. */
#include "close.h"

#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* whatever else the machine does */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Parses and frees; refuses to take longer than half a second (a hundredfold of what is needed). */
static void assert_refused(const char *text, size_t length, const char *message)
{
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    const double start = seconds();
    assert_int_equal(gw_scenario_parse(&scenario, text, length, "a.yaml", "", NULL, 0, &error), GW_BAD_INPUT);
    assert_true(seconds() - start < 0.5);
    assert_null(scenario);
    if (strstr(error.text, message) == NULL) {
        print_error("%s\n", error.text);
        fail();
    }
}

/* `length` bytes of a repeated pattern. */
static char *repeated(const char *pattern, size_t length)
{
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        text[i] = pattern[i % strlen(pattern)];
    }
    text[length] = '\0';
    return text;
}

static void refuse_repeated(const char *pattern, size_t length, const char *message)
{
    char *text = repeated(pattern, length);
    assert_refused(text, length, message);
    free(text);
}

static void test_too_long(void **state)
{
    (void)state;
    refuse_repeated("[", (size_t)10 << 20, "a.yaml: is longer than 1 MiB");
}

static void test_deep_nesting(void **state)
{
    (void)state;
    refuse_repeated("[", (size_t)1 << 20, "expected at most 64 levels of nesting");
    refuse_repeated("{", (size_t)1 << 20, "expected a name as key");
    refuse_repeated("- ", (size_t)1 << 20, "expected at most 64 levels of nesting");
    refuse_repeated("? ", (size_t)1 << 20, "expected a name as key");
    refuse_repeated("{a: ", (size_t)1 << 20, "expected at most 64 levels of nesting");
}

static void test_long_keys(void **state)
{
    (void)state;
    char *text = repeated("a.", 301);
    memcpy(text + 297, ": 1", 3);
    assert_refused(text, 300, "expected a key of 1 to 200 bytes");
    assert_refused(text + 150, 150, "expected at most 64 levels of nesting");
    free(text);
}

static void test_many_keys(void **state)
{
    (void)state;
    size_t length = 0;
    char *text = malloc((size_t)1 << 20);
    assert_non_null(text);
    for (int i = 0; length < ((size_t)1 << 20) - 20; i++) {
        length += (size_t)sprintf(text + length, "k%x: 1\n", (unsigned)i);
    }
    assert_refused(text, length, "expected at most 1100 keys in a mapping");
    free(text);
}

static void test_many_values(void **state)
{
    (void)state;
    char *text = repeated(",1", (size_t)1 << 19);
    text[0] = '[';
    text[((size_t)1 << 19) - 1] = ']';
    assert_refused(text, (size_t)1 << 19, "expected at most 100000 values in a file");
    free(text);
}

/* Every strategy meets the mistakes of the base again; they are told once. */
static void test_many_mistakes_in_many_strategies(void **state)
{
    (void)state;
    char *text = malloc((size_t)1 << 20);
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "goodwill: 1\nhorizon: 9\npopulation: {size: 9}\nfirms:\n  us:\n");
    for (int i = 0; i < 1000; i++) {
        length += (size_t)sprintf(text + length, "    spend_empathy_%d: 1\n", i);
    }
    length += (size_t)sprintf(text + length, "strategies:\n");
    for (int i = 0; i < 100; i++) {
        length += (size_t)sprintf(text + length, "  s%d: {}\n", i);
    }
    assert_refused(text, length, "a.yaml:6:5: firms.us.spend_empathy_0: unknown key (did you mean 'spend.empathy'?)");
    free(text);
}

static void test_alias_bomb(void **state)
{
    (void)state;
    char text[2000];
    size_t length = (size_t)sprintf(text, "a0: [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
        length += (size_t)sprintf(text + length, "a%d: [*a%d, *a%d, *a%d, *a%d]\n", i, i - 1, i - 1, i - 1, i - 1);
    }
    assert_refused(text, length, "expected plain YAML, got an alias");
}

static void test_bytes_that_are_no_text(void **state)
{
    (void)state;
    assert_refused("a: 1\0b: 2", 9, "a.yaml:1:5: expected UTF-8 text without control characters");
    assert_refused("\xFF\xFE"
                   "a\0",
                   4, "a.yaml:1:1: expected UTF-8 text");
    assert_refused("a: \xC0\xAF", 5, "a.yaml:1:4: expected UTF-8 text");
    assert_refused("a: \xED\xA0\x80", 6, "a.yaml:1:4: expected UTF-8 text");
    assert_refused("a: \xE2\x80", 5, "a.yaml:1:4: expected UTF-8 text");
    assert_refused("a: \xE2\x80\xA8", 6, "a.yaml:1:4: expected UTF-8 text");
    assert_refused("a: \x1b[31m", 8, "a.yaml:1:4: expected UTF-8 text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_long_keys),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_many_values),
        cmocka_unit_test(test_alias_bomb),
        cmocka_unit_test(test_many_mistakes_in_many_strategies),
        cmocka_unit_test(test_bytes_that_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "close.h"

#include "core/memory.h"
#include "core/status.h"

#include <stdlib.h>
#include <string.h>

static void test_zeroed_and_aligned(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 63, 64, 65, 4096, (2 << 20) - 1, 2 << 20, (5 << 20) + 3};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *memory = gw_alloc(sizes[i], 1);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % GW_CACHE_LINE, 0);
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(memory[k], 0);
        }
        memset(memory, 0xff, sizes[i]);
        gw_free(memory);
    }
    gw_free(NULL);
}

static void test_sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    /* volatile: the compiler may not see the sizes, or it warns that no array can be so large */
    const volatile size_t huge = SIZE_MAX / 2, most = SIZE_MAX;
    assert_null(gw_alloc(huge, 3));
    assert_null(gw_alloc(most, 1));
}

static void test_copies_of_text(void **state)
{
    (void)state;
    const char *text = "price";
    char *copy = gw_copy_text(text);
    assert_string_equal(copy, text);
    assert_ptr_not_equal(copy, text);
    free(copy);
    assert_null(gw_copy_text(NULL));
}

static void test_available_memory_is_plausible(void **state)
{
    (void)state;
    assert_in_range(gw_memory_available(), 1 << 20, (size_t)1 << 50);
}

static void test_the_first_failure_wins(void **state)
{
    (void)state;
    struct gw_error error = {0};
    assert_int_equal(gw_fail(&error, GW_BAD_INPUT, "firm %d", 7), GW_BAD_INPUT);
    assert_int_equal(gw_fail(&error, GW_IO, "disk"), GW_IO);
    assert_int_equal(error.status, GW_BAD_INPUT);
    assert_string_equal(error.text, "firm 7");
    assert_int_equal(gw_fail(NULL, GW_IO, "disk"), GW_IO);
}

static void test_long_messages_are_cut(void **state)
{
    (void)state;
    struct gw_error error = {0};
    char text[8000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    gw_fail(&error, GW_FAILED, "%s", text);
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_and_aligned),     cmocka_unit_test(test_sizes_that_overflow_are_refused),
        cmocka_unit_test(test_copies_of_text),         cmocka_unit_test(test_available_memory_is_plausible),
        cmocka_unit_test(test_the_first_failure_wins), cmocka_unit_test(test_long_messages_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

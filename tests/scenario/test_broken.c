/* Every file in broken/ is refused with exactly the text that expected.txt has for it. `test_broken --print` writes
 * that file anew. */
#include "close.h"

#include "scenario/scenario.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_scenario(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int load(const char *name, struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    const int ret = gw_scenario_load(&scenario, name, NULL, 0, error);
    gw_scenario_free(scenario);
    return ret;
}

/* What the files give, a section each. */
static char *all_messages(int *files)
{
    struct dirent **entry = NULL;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    *files = scandir(".", &entry, is_scenario, by_bytes);
    for (int i = 0; i < *files; i++) {
        struct gw_error error = {0};
        const int ret = load(entry[i]->d_name, &error);
        fprintf(out, "%s%s\n", ret == GW_BAD_INPUT ? "" : "NOT REFUSED AS BAD INPUT: ", error.text);
        fprintf(out, "%s", i + 1 < *files ? "\n" : "");
        free(entry[i]);
    }
    free(entry);
    fclose(out);
    return text;
}

static char *expected_messages(void)
{
    FILE *file = fopen("expected.txt", "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_in_range(fread(text, 1, (1 << 20) - 1, file), 1, (1 << 20) - 2);
    fclose(file);
    return text;
}

static void test_each_is_refused_with_its_message(void **state)
{
    (void)state;
    int files = 0;
    char *got = all_messages(&files), *want = expected_messages();
    assert_in_range(files, 40, 1000);
    char *g = got, *w = want;
    while (*g != '\0' || *w != '\0') { /* line by line: a difference is shown, not two megabytes */
        const size_t m = strcspn(g, "\n"), n = strcspn(w, "\n");
        g[m] = w[n] = '\0';
        assert_string_equal(g, w);
        g += m + 1;
        w += n + 1;
    }
    free(got);
    free(want);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_is_refused_with_its_message)};
    if (chdir(TEST_FOLDER "/broken") != 0) {
        return 1;
    }
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        int files = 0;
        char *text = all_messages(&files);
        fputs(text, stdout);
        free(text);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "close.h"
#include "output/answer.h"
#include "output/label.h"
#include "synthetic.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"status_quo", "experience", "price_cut", "loyalty", "nothing"};

/* Company values by strategy, row by row. */
static struct gw_dataset *run_with(size_t strategies, size_t replications, const double *values)
{
    const struct synthetic what = {
        .strategies = strategies, .replications = replications, .periods = 10, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    memcpy(gw_dataset_array(data, "company_value")->reals, values, strategies * replications * sizeof *values);
    return data;
}

static void check_sentence(size_t strategies, size_t replications, const double *values, const char *wanted)
{
    struct gw_dataset *data = run_with(strategies, replications, values);
    char *sentence;
    assert_int_equal(gw_answer_sentence(data, &sentence, NULL), GW_OK);
    assert_string_equal(sentence, wanted);
    free(sentence);
    gw_dataset_free(data);
}

/* Differences 1, 1, 2, 2 M: mean 1.5, sd 0.577, half width 3.182 * 0.2887 = 0.92. */
static void a_winner_is_named(void **state)
{
    (void)state;
    const double values[] = {1e6, 2e6, 3e6, 4e6, 2e6, 3e6, 5e6, 6e6};
    check_sentence(2, 4, values,
                   "Experience earns 1.5 M EUR more than Status quo (95%: 0.6 to 2.4), better in 100% of 4 "
                   "replications; it is the better of 2 strategies.");
}

static void a_loser_is_named(void **state)
{
    (void)state;
    const double values[] = {2e6, 3e6, 5e6, 6e6, 1e6, 2e6, 3e6, 4e6};
    check_sentence(
        2, 4, values,
        "Status quo is the better of 2 strategies: Experience earns 1.5 M EUR less (95%: 0.6 to 2.4 less), "
        "better in 0% of 4 replications.");
    const double three[] = {2e6, 3e6, 5e6, 6e6, 1e6, 2e6, 3e6, 4e6, 0.2e6, 1e6, 2e6, 2e6};
    check_sentence(
        3, 4, three,
        "Status quo is the best of 3 strategies: Experience, the next best, earns 1.5 M EUR less (95%: 0.6 "
        "to 2.4 less), better in 0% of 4 replications.");
}

/* The intervals, 0.004 M and 0.4 wide, would warrant four digits and five. */
static void amounts_have_three_digits(void **state)
{
    (void)state;
    const double close[] = {0, 0, 0, 0, 3.214e6, 3.215e6, 3.216e6, 3.217e6};
    check_sentence(2, 4, close,
                   "Experience earns 3.22 M EUR more than Status quo (95%: 3.21 to 3.22), better in 100% of 4 "
                   "replications; it is the better of 2 strategies.");
    const double units[] = {0, 0, 0, 0, 9994.5, 9994.6, 9994.7, 9994.8};
    check_sentence(2, 4, units,
                   "Experience earns 9.99 k EUR more than Status quo (95%: 9.99 to 9.99), better in 100% of 4 "
                   "replications; it is the better of 2 strategies.");
}

/* Differences 3, -1, 2, -2: mean 0.5, sd 2.380, half 3.787; needed 4 * (3.787 / 0.5)^2 = 229.5, rounded up. */
static void an_interval_over_zero_is_no_win(void **state)
{
    (void)state;
    const double values[] = {1000, 2000, 3000, 4000, 1003, 1999, 3002, 3998};
    check_sentence(2, 4, values,
                   "Experience cannot be told apart from Status quo with 4 replications: it earns 0.5 EUR more (95%: "
                   "3.3 less to 4.3 more), better in 50%; if it stays so, about 230 would tell.");
    const double lower[] = {1003, 1999, 3002, 3998, 1000, 2000, 3000, 4000};
    check_sentence(2, 4, lower,
                   "Experience cannot be told apart from Status quo with 4 replications: it earns 0.5 EUR less (95%: "
                   "4.3 less to 3.3 more), better in 50%; if it stays so, about 230 would tell.");
    const double three[] = {1003, 1999, 3002, 3998, 1000, 2000, 3000, 4000, 0, 0, 0, 0};
    check_sentence(
        3, 4, three,
        "Experience cannot be told apart from Status quo with 4 replications: it earns 0.5 EUR less (95%: "
        "4.3 less to 3.3 more), better in 50%; if it stays so, about 230 would tell; of 3 strategies compared at "
        "once, Status quo is not shown to beat Experience and Price cut.");
}

/* Experience beats the first clearly and Price cut hardly. */
static void a_close_runner_up_is_not_hidden(void **state)
{
    (void)state;
    const double values[] = {1e6, 2e6, 3e6, 4e6, 2e6, 3e6, 5e6, 6e6, 1.9e6, 3.2e6, 4.8e6, 6e6};
    check_sentence(3, 4, values,
                   "Experience earns 1.5 M EUR more than Status quo (95%: 0.6 to 2.4), better in 100% of 4 "
                   "replications; of 3 strategies compared at once, it is not shown to beat Price cut.");
}

/* The best wins nothing over four others: three are named. */
static void many_rivals_are_counted(void **state)
{
    (void)state;
    const double values[] = {1, 2, 4, 3, 1, 2, 4, 3, 1, 2, 4, 3, 1, 2, 4, 3, 1, 2, 4, 3};
    check_sentence(
        5, 4, values,
        "Experience and Status quo are worth the same in each of 4 replications; of 5 strategies compared at "
        "once, Status quo is not shown to beat Experience, Price cut, Loyalty and 1 other.");
    const double first[] = {2e6, 3e6, 5e6, 6e6, 1e6, 2e6, 3e6, 4e6, 0, 9e6, -3e6, 1e6};
    check_sentence(3, 4, first,
                   "Experience earns 1.5 M EUR less than Status quo (95%: 0.6 to 2.4 less), better in 0% of 4 "
                   "replications; of 3 strategies compared at once, Status quo is not shown to beat Price cut.");
}

static void degenerate_runs_say_so(void **state)
{
    (void)state;
    const double rising[] = {1e6, 2e6, 4e6, 5e6}, missing[] = {NAN, NAN, NAN, NAN};
    check_sentence(
        1, 2, rising,
        "Status quo is worth 2 M EUR (95%: -5 to 8, 2 replications); there is no other strategy to compare "
        "it with.");
    check_sentence(2, 1, rising,
                   "Experience earns 1.00 M EUR more than Status quo in the one replication run; one cannot tell a "
                   "difference from chance.");
    check_sentence(1, 1, rising,
                   "Status quo is worth 1.00 M EUR in the one replication run, which gives no interval; there is no "
                   "other strategy to compare it with.");
    check_sentence(2, 2, missing, "There is no company value to compare the strategies by.");
    const double shifted[] = {1e6, 2e6, 4e6, 5e6}, same[] = {1e6, 2e6, 1e6, 2e6};
    check_sentence(
        2, 2, shifted,
        "Experience earns 3.00 M EUR more than Status quo in each of 2 replications; it is the better of 2 "
        "strategies.");
    check_sentence(2, 2, same, "Experience and Status quo are worth the same in each of 2 replications.");
    const double tie[] = {1e6, 1e6}, lone[] = {1e6, 2e6, NAN, NAN};
    check_sentence(2, 1, tie,
                   "Experience and Status quo are worth the same in the one replication run; one cannot tell a "
                   "difference from chance.");
    check_sentence(2, 1, (const double[]){2e6, 1e6},
                   "Experience earns 1.00 M EUR less than Status quo in the one replication run; one cannot tell a "
                   "difference from chance.");
    check_sentence(2, 2, lone,
                   "Status quo is worth 2 M EUR (95%: -5 to 8, 2 replications); no other strategy has a value to "
                   "compare it with.");
    check_sentence(2, 2, (const double[]){4e6, 5e6, 1e6, 2e6},
                   "Status quo is the better of 2 strategies: Experience earns 3.00 M EUR less in each of 2 "
                   "replications.");
}

static char *answer(const struct gw_dataset *data, enum gw_answer_form form)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(gw_answer_write(data, form, out, NULL), GW_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* In each of so many lines a cell begins at this byte, after two blanks. */
static void check_column(const char *rows, size_t lines, size_t column)
{
    for (size_t i = 0; i < lines; i++) {
        const char *end = strchr(rows, '\n');
        assert_non_null(end);
        if ((size_t)(end - rows) <= column || rows[column] == ' ' || rows[column - 1] != ' ' ||
            rows[column - 2] != ' ') {
            fail_msg("no column at %zu in '%.*s'", column, (int)(end - rows), rows);
        }
        rows = end + 1;
    }
}

static const char *next_line(const char *text)
{
    const char *end = strchr(text, '\n');
    assert_non_null(end);
    return end + 1;
}

/* Columns of all rows stand under their heads. */
static void text_is_aligned_and_complete(void **state)
{
    (void)state;
    const struct synthetic what = {.strategies = 3, .replications = 100, .periods = 60, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = answer(data, GW_ANSWER_TEXT);
    const char *const wanted[] = {
        "\nCompany value  ",
        "\n  within the horizon  ",
        "\n  after the horizon  ",
        "\nAnnual retention  ",
        "\nDifference to Status quo",
        "\nExperience  ",
        "Not in this run: gross_value, clv_base, clv_new, customer_equity, cac, retention_cost, share, nps.\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (strstr(text, wanted[i]) == NULL) {
            fail_msg("'%s' is missing in:\n%s", wanted[i], text);
        }
    }
    const char *heads = next_line(strstr(text, "Mean and 95%")), *pairs = next_line(strstr(text, "Difference to"));
    const char *const strategies[] = {"Status quo", "Experience", "Price cut"};
    const char *const compared[] = {"Company value", "Better in", "Variance ratio"};
    for (size_t i = 0; i < 3; i++) {
        check_column(heads, 8, (size_t)(strstr(heads, strategies[i]) - heads));
        check_column(pairs, 3, (size_t)(strstr(pairs, compared[i]) - pairs));
    }
    free(text);
    gw_dataset_free(data);
}

static void set(struct gw_dataset *data, const char *array, size_t n, double value)
{
    for (size_t i = 0; i < n; i++) {
        gw_dataset_array(data, array)->reals[i] = value;
    }
}

/* Cells wider than any name, and names wider than any cell, wide characters among them, do not push columns. */
static void wide_cells_keep_their_columns(void **state)
{
    (void)state;
    static const char *const wide[] = {"a", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "the plan of the year after"};
    const struct synthetic what = {
        .strategies = 3, .replications = 4, .periods = 10, .labels = wide, .scale = 1e3, .offset = -3e5};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = answer(data, GW_ANSWER_TEXT);
    const char *line = next_line(next_line(strstr(text, "Mean and 95%")));
    const size_t column = strcspn(line, "-");
    check_column(line, 7, column);
    const char *pairs = next_line(strstr(text, "Difference to"));
    assert_int_equal(strstr(pairs, "Company value") - pairs, column);
    assert_non_null(strstr(pairs, "\n\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e  "));
    free(text);
    gw_dataset_free(data);
}

static void add_clv(struct gw_dataset *data, const char *name, size_t n, double value)
{
    const int axis[] = {0, 1};
    assert_true(gw_dataset_add_array(data, name, "EUR", name, GW_FLOAT64, 2, axis) >= 0);
    set(data, name, n, value);
}

/* Without customers at the start no strategy has a CLV of them. */
static void a_row_without_any_value_is_left_out(void **state)
{
    (void)state;
    const double values[] = {1e6, 2e6, 3e6, 2e6, 3e6, 4.5e6};
    struct gw_dataset *data = run_with(2, 3, values);
    add_clv(data, "clv_base", 6, NAN);
    add_clv(data, "clv_new", 6, 12.5);
    char *text = answer(data, GW_ANSWER_TEXT);
    assert_null(strstr(text, "CLV of customers at the start"));
    assert_non_null(strstr(text, "\nCLV of customers won  "));
    assert_non_null(strstr(text, "\nCLV: discounted contribution per customer; it counts the horizon only.\n"));
    assert_non_null(strstr(text, "\nWithout a value in this run: clv_base.\n"));
    free(text);
    set(data, "clv_base", 6, 30.25);
    text = answer(data, GW_ANSWER_TEXT);
    assert_non_null(strstr(text, "\nCLV of customers at the start  30.2"));
    assert_null(strstr(text, "Without a value"));
    free(text);
    set(data, "company_value", 6, NAN);
    text = answer(data, GW_ANSWER_TEXT);
    assert_null(strstr(text, "Difference to"));
    free(text);
    gw_dataset_free(data);
}

static int lines_of(const char *text)
{
    int lines = 0;
    for (; *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

/* 7 quantities known: 2 levels and a difference each, 2 more rows for the company's value. */
static void csv_holds_every_row(void **state)
{
    (void)state;
    const double values[] = {1e6, NAN, 3e6, 2e6, 3e6, 4.5e6};
    struct gw_dataset *data = run_with(2, 3, values);
    char *text = answer(data, GW_ANSWER_CSV);
    assert_int_equal(lines_of(text), 1 + 7 * 3 + 2);
    assert_non_null(strstr(text, "\nexperience,probability_better,1,2,1,"));
    assert_non_null(strstr(text, "\nexperience,company_value,EUR,2,1250000,"));
    assert_non_null(strstr(text, ",status_quo,\n"));
    assert_non_null(strstr(text, "\nstatus_quo,active,customer,3,"));
    assert_null(strstr(text, "nan"));
    free(text);
    gw_dataset_free(data);
}

/* Contributions in 1e-6 money, [strategy][replication][segment]; nothing else is known of the segments. */
static void segments_have_rows_and_tables_of_their_own(void **state)
{
    (void)state;
    static const char *const segments[] = {"loyal", "keen"};
    static const int64_t micro[] = {1000000, 2000000, 3000000, 4000000, 2000000, 2000000, 4000000, 4500000};
    const double values[] = {1e6, 2e6, 3e6, 5e6};
    struct gw_dataset *data = run_with(2, 2, values);
    const int axis[] = {0, 1, gw_dataset_add_axis(data, "segment", "1", "segment", 2, segments, NULL)};
    const int array = gw_dataset_add_array(data, "segment_contribution", "1e-6 money", "", GW_INT64, 3, axis);
    assert_true(axis[2] >= 0 && array >= 0);
    memcpy(data->array[array].integers, micro, sizeof micro);
    char *csv = answer(data, GW_ANSWER_CSV), *text = answer(data, GW_ANSWER_TEXT),
         *json = answer(data, GW_ANSWER_JSON);
    assert_int_equal(lines_of(csv), 1 + 7 * 3 + 2 + 2 * 3);
    assert_non_null(strstr(csv, "\nstatus_quo,segment_contribution,money,2,2,"));
    assert_non_null(strstr(csv, "\nexperience,segment_contribution,money,2,1,1,1,0,status_quo,loyal\n"));
    assert_non_null(strstr(csv, ",keen\n"));
    assert_non_null(strstr(text, "\nSegment loyal:\n"));
    assert_non_null(strstr(text, "\nSegment keen:\n"));
    assert_non_null(
        strstr(strstr(text, "Segment keen:"), "\nDifference to Status quo, replication by replication:\n"));
    assert_null(strstr(strstr(text, "Segment keen:"), "Net promoter"));
    assert_non_null(strstr(json, "\"segment\": \"loyal\""));
    assert_non_null(strstr(json, "\"segment\": null"));
    free(csv);
    free(text);
    free(json);
    gw_dataset_free(data);
}

static void hostile_labels_stay_data(void **state)
{
    (void)state;
    static const char *const hostile[] = {"a,\"b\"\n\x1b[31mc", "\xff\xe2\x80\xae back\\slash"};
    const struct synthetic what = {.strategies = 2, .replications = 5, .periods = 10, .labels = hostile};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = answer(data, GW_ANSWER_TEXT), *csv = answer(data, GW_ANSWER_CSV),
         *json = answer(data, GW_ANSWER_JSON);
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_non_null(strstr(csv, "\n\"a,\"\"b\"\"\n\x1b[31mc\",company_value"));
    assert_non_null(strstr(json, "\"strategy\": \"a,\\\"b\\\"  [31mc\""));
    assert_non_null(strstr(json, "\xef\xbf\xbd back\\\\slash"));
    assert_null(strchr(json, '\x1b'));
    free(text);
    free(csv);
    free(json);
    gw_dataset_free(data);
}

static void one_replication_leaves_fields_empty(void **state)
{
    (void)state;
    const struct synthetic what = {.strategies = 2, .replications = 1, .periods = 10, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *csv = answer(data, GW_ANSWER_CSV), *json = answer(data, GW_ANSWER_JSON);
    assert_non_null(strstr(csv, ",,,,status_quo,\n"));
    assert_non_null(strstr(json, "\"low\": null, \"high\": null, \"sd\": null}"));
    assert_non_null(strstr(json, "\"estimates\": [\n    {"));
    free(csv);
    free(json);
    gw_dataset_free(data);
}

/* A missing locale leaves the program in "C", where the check holds as well. */
static void numbers_have_points_in_every_locale(void **state)
{
    (void)state;
    const double values[] = {1e6, 2.25e6, 3e6, 3.5e6};
    (void)setlocale(LC_ALL, "de_DE.UTF-8");
    check_sentence(2, 2, values,
                   "Experience cannot be told apart from Status quo with 2 replications: it earns 2 M EUR more (95%: "
                   "3 less to 6 more), better in 100%; if it stays so, about 18 would tell.");
    (void)setlocale(LC_ALL, "C");
}

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    const struct synthetic what = {.strategies = 2, .replications = 5, .periods = 10, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    struct gw_error error = {0};
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_int_equal(gw_answer_write(data, GW_ANSWER_TEXT, full, &error), GW_IO);
    assert_non_null(strstr(error.text, "No space left"));
    (void)fclose(full);
    gw_dataset_free(data);
}

static void check_text(const char *text, size_t columns, const char *wanted)
{
    char shown[GW_NAME_SIZE];
    const size_t used = gw_show_text(shown, sizeof shown, text, columns);
    assert_string_equal(shown, wanted);
    assert_int_equal(used, gw_columns(wanted));
    assert_true(used <= columns);
}

static void long_text_loses_its_middle(void **state)
{
    (void)state;
    check_text("short", 10, "short");
    check_text("exactly_10", 10, "exactly_10");
    check_text("the plan, variant 12", 10, "the p\xe2\x80\xa6t 12");
    check_text("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", 4, "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f");
    check_text("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5", 8,
               "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5"); /* two columns each */
    check_text("cut\xe6", 10, "cut\xef\xbf\xbd");
    check_text("\xc0\xaf", 10, "\xef\xbf\xbd\xef\xbf\xbd"); /* overlong */
}

static void check_number(struct gw_style style, double x, const char *wanted)
{
    char shown[64];
    assert_string_equal(gw_show_number(shown, style, x), wanted);
}

static void numbers_keep_what_is_known(void **state)
{
    (void)state;
    check_number(gw_style_for(3.4e6, 0.11e6), 3.4231e6, "3.42");
    check_number(gw_style_for(3.4e6, 0.4e6), 3.4231e6, "3.4");
    check_number(gw_style_for(14.3e3, 31), 14341, "14.34");
    check_number(gw_style_for(9.9996e6, 1), 9.9996e6, "10.00");
    check_number(gw_style_for(9.9994e6, 1), 9.9994e6, "9.999");
    check_number(gw_style_for(9500, 3), 9500.4, "9500");
    check_number(gw_style_brief(9500, 3), 9500.4, "9.50");
    check_number(gw_style_brief(999.6, 0.1), 999.6, "1.00");
    check_number(gw_style_brief(14.3e3, 31), 14341, "14.3");
    check_number(gw_style_for(9500, NAN), 9500, "9500");
    check_number(gw_style_for(12345, NAN), 12345, "12.3");
    check_number(gw_style_for(0, 0), -0.0, "0");
    check_number(gw_style_for(5, 5), -0.2, "0");
    check_number(gw_style_for(1e300, 1e299), 1e300, "1e+288");
    check_number(gw_style_percent(0.5, 0.004), 0.4567, "45.7");
    check_number(gw_style_for(1, 1), NAN, "-");
    assert_string_equal(gw_style_for(-2e9, 1).suffix, " bn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_winner_is_named),
        cmocka_unit_test(a_loser_is_named),
        cmocka_unit_test(an_interval_over_zero_is_no_win),
        cmocka_unit_test(a_close_runner_up_is_not_hidden),
        cmocka_unit_test(many_rivals_are_counted),
        cmocka_unit_test(amounts_have_three_digits),
        cmocka_unit_test(degenerate_runs_say_so),
        cmocka_unit_test(text_is_aligned_and_complete),
        cmocka_unit_test(wide_cells_keep_their_columns),
        cmocka_unit_test(a_row_without_any_value_is_left_out),
        cmocka_unit_test(csv_holds_every_row),
        cmocka_unit_test(segments_have_rows_and_tables_of_their_own),
        cmocka_unit_test(hostile_labels_stay_data),
        cmocka_unit_test(one_replication_leaves_fields_empty),
        cmocka_unit_test(numbers_have_points_in_every_locale),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(long_text_loses_its_middle),
        cmocka_unit_test(numbers_keep_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "close.h"
#include "output/label.h"
#include "output/report.h"
#include "output/reports.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct gw_report_column columns[] = {
    {"strategy", "Strategy", GW_COLUMN_TEXT, false},   {"cut", "Price cut", GW_COLUMN_NUMBER, false},
    {"value", "Company value", GW_COLUMN_MONEY, true}, {"best", "Best in", GW_COLUMN_SHARE, false},
    {"n", "Replications", GW_COLUMN_COUNT, false},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static struct gw_report *report_with(const char *title)
{
    struct gw_report *report;
    assert_int_equal(gw_report_create(&report, title, NULL), GW_OK);
    return report;
}

static void add_row(struct gw_report *report, const char *name, double cut, const double value[3], double best,
                    double n)
{
    gw_report_text(report, name);
    gw_report_number(report, cut);
    gw_report_interval(report, value[0], value[1], value[2]);
    gw_report_number(report, best);
    gw_report_number(report, n);
}

static struct gw_report *example(void)
{
    struct gw_report *report = report_with("A sweep");
    gw_report_say(report, "Experience is best from %g on.", 0.25);
    gw_report_table(report, "values", "Mean and 95% interval:", columns, COLUMNS);
    add_row(report, "say \"yes\", now", 0.475, (double[]){1.5e6, 0.6e6, 2.4e6}, 0.523, 20000);
    add_row(report, "nothing", 0.0, (double[]){NAN, NAN, NAN}, NAN, 0);
    gw_report_note(report, "One was not defined.");
    return report;
}

static char *written(const struct gw_report *report, enum gw_answer_form form)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(gw_report_write(report, form, out, NULL), GW_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void check_form(struct gw_report *report, enum gw_answer_form form, const char *wanted)
{
    char *text = written(report, form);
    assert_string_equal(text, wanted);
    free(text);
    gw_report_free(report);
}

static void text_has_sentences_first(void **state)
{
    (void)state;
    check_form(example(), GW_ANSWER_TEXT,
               "A sweep\n"
               "\n"
               "Experience is best from 0.25 on.\n"
               "\n"
               "Mean and 95% interval:\n"
               "Strategy        Price cut  Company value       Best in  Replications\n"
               "say \"yes\", now  0.475      1.5 M (0.6 to 2.4)  52.3%    20000\n"
               "nothing         0          -                   -        0\n"
               "\n"
               "One was not defined.\n");
}

static void csv_is_long_and_exact(void **state)
{
    (void)state;
    check_form(example(), GW_ANSWER_CSV,
               "table,row,column,value\n"
               "answer,1,text,Experience is best from 0.25 on.\n"
               "values,1,strategy,\"say \"\"yes\"\", now\"\n"
               "values,1,cut,0.475\n"
               "values,1,value,1500000\n"
               "values,1,value_low,600000\n"
               "values,1,value_high,2400000\n"
               "values,1,best,0.523\n"
               "values,1,n,20000\n"
               "values,2,strategy,nothing\n"
               "values,2,cut,0\n"
               "values,2,value,\n"
               "values,2,value_low,\n"
               "values,2,value_high,\n"
               "values,2,best,\n"
               "values,2,n,0\n"
               "notes,1,text,One was not defined.\n");
}

static void json_has_null_for_what_is_undefined(void **state)
{
    (void)state;
    check_form(
        example(), GW_ANSWER_JSON,
        "{\n"
        "  \"title\": \"A sweep\",\n"
        "  \"answer\": [\n"
        "    \"Experience is best from 0.25 on.\"\n"
        "  ],\n"
        "  \"tables\": {\n"
        "    \"values\": [\n"
        "      {\"strategy\": \"say \\\"yes\\\", now\", \"cut\": 0.475, \"value\": 1500000, \"value_low\": 600000, "
        "\"value_high\": 2400000, \"best\": 0.523, \"n\": 20000},\n"
        "      {\"strategy\": \"nothing\", \"cut\": 0, \"value\": null, \"value_low\": null, \"value_high\": null, "
        "\"best\": null, \"n\": 0}\n"
        "    ]\n"
        "  },\n"
        "  \"notes\": [\n"
        "    \"One was not defined.\"\n"
        "  ]\n"
        "}\n");
}

static void an_empty_report_is_valid(void **state)
{
    (void)state;
    check_form(report_with(""), GW_ANSWER_JSON,
               "{\n  \"title\": \"\",\n  \"answer\": [],\n  \"tables\": {},\n  \"notes\": []\n}\n");
    check_form(report_with(NULL), GW_ANSWER_TEXT, "");
}

/* Bytes that are no UTF-8, an escape and a mark that turns the direction must reach no terminal and no parser. */
static void texts_are_made_safe(void **state)
{
    (void)state;
    struct gw_report *report = report_with("a\xff\x1b[31m\xe2\x80\xae");
    gw_report_say(report, "%s", "tab\there");
    gw_report_note(report, "%s", "x");
    char *text = written(report, GW_ANSWER_TEXT), *json = written(report, GW_ANSWER_JSON);
    assert_string_equal(text, "a\xef\xbf\xbd [31m\n\ntab here\n\nx\n");
    assert_non_null(strstr(json, "\"title\": \"a\xef\xbf\xbd [31m\""));
    assert_non_null(strstr(json, "\"tab here\""));
    assert_non_null(strstr(json, "\"x\""));
    free(text);
    free(json);
    gw_report_free(report);
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        longest = length > longest ? length : longest;
        text += length + (text[length] == '\n');
    }
    return longest;
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (; (text = strstr(text, word)) != NULL; text++) {
        n++;
    }
    return n;
}

/* Twelve columns of 20: four more blocks would be as wrong as a line of 250. */
static void wide_tables_go_on_below(void **state)
{
    (void)state;
    enum { WIDE = 13 };
    struct gw_report_column wide[WIDE] = {{"name", "Name of the row", GW_COLUMN_TEXT, false}};
    struct gw_report *report = report_with("");
    char name[WIDE][8];
    for (size_t i = 1; i < WIDE; i++) {
        (void)snprintf(name[i], sizeof name[i], "c%zu", i);
        wide[i] = (struct gw_report_column){name[i], "A heading of 20 col.", GW_COLUMN_NUMBER, false};
    }
    gw_report_table(report, "wide", "Wide:", wide, WIDE);
    gw_report_text(report, "an uncommonly long name of a row, which has to lose its middle, doesn't it?");
    for (size_t i = 1; i < WIDE; i++) {
        gw_report_number(report, (double)i);
    }
    char *text = written(report, GW_ANSWER_TEXT);
    assert_true(longest_line(text) <= 112); /* the ellipsis takes three bytes */
    assert_int_equal(count(text, "Name of the row"), 4);
    assert_int_equal(count(text, "A heading of 20 col."), 12);
    free(text);
    gw_report_free(report);
}

static void long_sentences_are_wrapped(void **state)
{
    (void)state;
    struct gw_report *report = report_with("");
    char words[1001];
    for (size_t i = 0; i < 1000; i++) {
        words[i] = i % 7 == 6 ? ' ' : 'w';
    }
    words[1000] = '\0';
    gw_report_say(report, "%s", words);
    char *text = written(report, GW_ANSWER_TEXT);
    assert_int_equal(longest_line(text), 97); /* 14 words of 6 and 13 spaces; one more would make 104 */
    free(text);
    gw_report_free(report);
}

static void check_said(enum gw_column_kind kind, const char *unit, const double x[3], const char *wanted)
{
    char said[GW_SAY_SIZE];
    assert_string_equal(gw_say_estimate(said, kind, unit, x[0], x[1], x[2]), wanted);
}

static void numbers_are_said_as_a_run_says_them(void **state)
{
    (void)state;
    char said[GW_SAY_SIZE];
    check_said(GW_COLUMN_MONEY, "EUR", (double[]){1.5e6, 0.6e6, 2.4e6}, "1.5 M EUR (95%: 0.6 to 2.4)");
    check_said(GW_COLUMN_MONEY, "money", (double[]){-1.5e3, -1.62e3, -1.38e3}, "-1500 (95%: -1620 to -1380)");
    check_said(GW_COLUMN_SHARE, "%", (double[]){0.5, 0.45, 0.55}, "50% (95%: 45 to 55)");
    check_said(GW_COLUMN_NUMBER, "week", (double[]){12.0, NAN, NAN}, "12 week");
    check_said(GW_COLUMN_NUMBER, "1", (double[]){0.31, 0.29, INFINITY}, "0.310 (95%: above 0.290)");
    check_said(GW_COLUMN_NUMBER, "1", (double[]){NAN, 0.0, 1.0}, "-");
    assert_string_equal(gw_say_value(said, GW_COLUMN_MONEY, "EUR", 34567.0), "34.6 k EUR");
    assert_string_equal(gw_say_value(said, GW_COLUMN_SHARE, "1", 0.05), "5%");
    assert_string_equal(gw_say_value(said, GW_COLUMN_COUNT, "1", 34567.0), "34567");
    assert_string_equal(gw_say_value(said, GW_COLUMN_NUMBER, "1", -0.0), "0");
}

static void check_wrong(struct gw_report *report)
{
    struct gw_error error = {0};
    assert_int_equal(gw_report_write(report, GW_ANSWER_TEXT, stdout, &error), GW_FAILED);
    assert_string_equal(error.text, "the report's tables do not hold together");
    gw_report_free(report);
}

static void what_does_not_fit_is_told(void **state)
{
    (void)state;
    struct gw_report *report = example();
    gw_report_text(report, "a row that is not finished");
    check_wrong(report);
    report = example();
    gw_report_number(report, 1.0); /* where text belongs */
    check_wrong(report);
    report = example();
    gw_report_table(report, "values", "Again:", columns, COLUMNS);
    check_wrong(report);
    report = report_with("");
    gw_report_number(report, 1.0);
    check_wrong(report);
}

static void a_broken_stream_is_told(void **state)
{
    (void)state;
    struct gw_report *report = example();
    struct gw_error error = {0};
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_int_equal(gw_report_write(report, GW_ANSWER_CSV, full, &error), GW_IO);
    (void)fclose(full);
    gw_report_free(report);
}

static void numbers_have_a_point_in_every_locale(void **state)
{
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) {
        skip();
    }
    char *text = written(example(), GW_ANSWER_CSV);
    assert_non_null(strstr(text, "from 0.25 on"));
    assert_non_null(strstr(text, "cut,0.475\n"));
    free(text);
    (void)setlocale(LC_ALL, "C");
}

static void an_unknown_experiment_is_refused(void **state)
{
    (void)state;
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    assert_int_equal(gw_dataset_create(&dataset, NULL), GW_OK);
    assert_true(gw_dataset_add_attribute(dataset, "experiment", "divination") >= 0);
    assert_int_equal(gw_summary_write(dataset, GW_ANSWER_TEXT, stdout, &error), GW_BAD_INPUT);
    assert_string_equal(error.text, "the run file holds an experiment 'divination' that this version does not know");
    gw_dataset_free(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_sentences_first),
        cmocka_unit_test(csv_is_long_and_exact),
        cmocka_unit_test(json_has_null_for_what_is_undefined),
        cmocka_unit_test(an_empty_report_is_valid),
        cmocka_unit_test(texts_are_made_safe),
        cmocka_unit_test(wide_tables_go_on_below),
        cmocka_unit_test(long_sentences_are_wrapped),
        cmocka_unit_test(numbers_are_said_as_a_run_says_them),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(a_broken_stream_is_told),
        cmocka_unit_test(numbers_have_a_point_in_every_locale),
        cmocka_unit_test(an_unknown_experiment_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Observations as files, good and broken, and a run held against them where the answer can be counted on fingers. */
#include "close.h"
#include "scratch.h"

#include "outcome/dataset.h"
#include "output/backtest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_text(const char *text)
{
    scratch_write("data.csv", text, strlen(text));
}

static struct gw_observed *read_good(const char *text)
{
    struct gw_error error = {0};
    struct gw_observed *observed;
    write_text(text);
    if (gw_observed_read(&observed, "data.csv", &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return observed;
}

/* ---- Purchases ------------------------------------------------------------------------------------------- */

static const char purchases[] = "customer_id,date,money\n"
                                "b,1997-03-01,5\n"  /* day 1: b comes */
                                "a,1997-02-28,1\n"  /* day 0: a comes */
                                "a,1997-03-07,1\n"  /* day 7 */
                                "b,1997-03-01,2\n"  /* the same day: the same purchase */
                                "a,1997-03-07,1\n"  /* likewise */
                                "b,1997-03-14,7\n"  /* day 14 */
                                "a,1997-03-21,1\n"; /* day 21 */

static void test_purchases(void **state)
{
    (void)state;
    struct gw_observed *o = read_good(purchases);
    assert_int_equal(o->kind, GW_OBSERVED_PURCHASES);
    assert_int_equal(o->days, 21);
    assert_int_equal(o->customers, 2);
    for (int d = 0; d <= 21; d++) {
        assert_int_equal(o->entries[d], d < 2);
        assert_int_equal(o->repeats[d], d == 7 || d == 14 || d == 21);
    }
    gw_observed_free(o);
}

/* Line ends of other systems, no line end at the end, a leap day, the turn of a century. */
static void test_purchases_in_other_dress(void **state)
{
    (void)state;
    struct gw_observed *o = read_good("customer_id,date\r\n1,2000-02-28\r\n1,2000-02-29\r\n1,2000-03-01");
    assert_int_equal(o->days, 2);
    assert_int_equal(o->repeats[1] + o->repeats[2], 2);
    gw_observed_free(o);
    o = read_good("customer_id,date\nx,1999-12-31\nx,2000-01-01\n");
    assert_int_equal(o->days, 1);
    gw_observed_free(o);
}

/* ---- Survival ---------------------------------------------------------------------------------------------- */

static void test_survival(void **state)
{
    (void)state;
    struct gw_observed *o = read_good("year,regular,high_end\n0,100,100\n1,63.1,86.9\n3,38.2,65.3\n");
    assert_int_equal(o->kind, GW_OBSERVED_SURVIVAL);
    assert_int_equal(o->columns, 2);
    assert_int_equal(o->rows, 3);
    assert_string_equal(o->name[1], "high_end");
    assert_int_equal(o->year[2], 3);
    assert_close(o->share[5], 0.653, 1e-12, 0.0);
    gw_observed_free(o);
}

/* ---- Broken files -------------------------------------------------------------------------------------------- */

static const struct {
    const char *text, *message;
} broken[] = {
    {"", "data.csv: the file is empty"},
    {"name,when\n", "data.csv:1: expected a header 'customer_id,date,...' or 'year,NAME,...', got 'name'"},
    {"customer_id,day\n", "data.csv:1: expected a header"},
    {"customer_id,date\n", "data.csv: a header and no purchases"},
    {"customer_id,date\n1\n", "data.csv:2: expected 2 fields as in the header, got '1'"},
    {"customer_id,date\n1,1997-01-01\n\n", "data.csv:3: expected 2 fields as in the header, got 'an empty line'"},
    {"customer_id,date\n,1997-01-01\n", "data.csv:2: expected a customer of 1 to 43 characters, got ''"},
    {"customer_id,date\n1,1997-02-29\n", "data.csv:2: expected a date such as 1997-01-31, got '1997-02-29'"},
    {"customer_id,date\n1,1900-02-29\n", "data.csv:2: expected a date"},
    {"customer_id,date\n1,1997-13-01\n", "data.csv:2: expected a date"},
    {"customer_id,date\n1,01/02/1997\n", "data.csv:2: expected a date"},
    {"customer_id,date\n1,1997-01-01 \n", "data.csv:2: expected a date"},
    {"customer_id,date\n\"1\",1997-01-01\n", "data.csv:2: expected fields without quotes"},
    {"customer_id,date\n1,1797-01-01\n2,1997-01-01\n", "data.csv: purchases over more than a hundred years"},
    {"year\n", "data.csv:1: expected 'year' and 1 to 4 names"},
    {"year,a,b,c,d,e\n", "data.csv:1: expected 'year' and 1 to 4 names"},
    {"year,\n", "data.csv:1: expected a name of 1 to 63 characters, got ''"},
    {"year,a\n", "data.csv: a header and no years"},
    {"year,a\n0,100\n1,101\n", "data.csv:3: expected a percentage from 0 to 100, got '101'"},
    {"year,a\n0,100\n1,nan\n", "data.csv:3: expected a percentage"},
    {"year,a\n0,100\n1,-3\n", "data.csv:3: expected a percentage"},
    {"year,a\n0,100\n1,.\n", "data.csv:3: expected a percentage"},
    {"year,a\n0,100\n1,60\n2,61\n", "data.csv:4: expected no more survivors than in the year before, got '61'"},
    {"year,a\n0,99\n", "data.csv:2: expected 100 in year 0, got '99'"},
    {"year,a\n0,100\n0,90\n", "data.csv:3: expected a year after the one before, got '0'"},
    {"year,a\n1.5,90\n", "data.csv:2: expected a year after the one before, got '1.5'"},
};

static void assert_broken(const char *message)
{
    struct gw_error error = {0};
    struct gw_observed *observed;
    assert_int_equal(gw_observed_read(&observed, "data.csv", &error), GW_BAD_INPUT);
    assert_null(observed);
    if (strncmp(error.text, message, strlen(message)) != 0) {
        fail_msg("'%s' instead of '%s'", error.text, message);
    }
}

static void test_broken_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        write_text(broken[i].text);
        assert_broken(broken[i].message);
    }
}

static void test_not_text(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_observed *observed;
    static const char nul[] = "customer_id,date\n1,1997\0-01-01\n2,1997-01-02\n";
    char *endless = malloc(10000);
    assert_non_null(endless);
    memset(endless, 'x', 10000);
    scratch_write("data.csv", nul, sizeof nul - 1);
    assert_broken("data.csv:2: a line of more than");
    scratch_write("data.csv", endless, 10000);
    assert_broken("data.csv:1: a line of more than");
    free(endless);
    assert_int_equal(gw_observed_read(&observed, "nowhere.csv", &error), GW_IO);
    error = (struct gw_error){0};
    assert_int_equal(gw_observed_read(&observed, ".", &error), GW_IO);
}

/* ---- Backtests ------------------------------------------------------------------------------------------------ */

enum { PERIODS = 30 };

/* A run of one strategy and two replications in days: of 10 and 20 customers one and four buy each day. */
static struct gw_dataset *run(const char *unit, int64_t joined)
{
    static const char *const label[] = {"as_is"};
    static const int axes[] = {0, 1, 2};
    struct gw_error error = {0};
    struct gw_dataset *data = NULL;
    assert_int_equal(gw_dataset_create(&data, &error), GW_OK);
    assert_int_equal(gw_dataset_add_axis(data, "strategy", "1", "strategy", 1, label, NULL), 0);
    assert_int_equal(gw_dataset_add_axis(data, "replication", "1", "replication", 2, NULL, NULL), 1);
    assert_int_equal(gw_dataset_add_axis(data, "period", unit, "period", PERIODS, NULL, NULL), 2);
    assert_int_equal(gw_dataset_add_array(data, "active_at_start", "1", "", GW_INT64, 2, axes), 0);
    assert_int_equal(gw_dataset_add_array(data, "purchases", "1", "", GW_INT64, 3, axes), 1);
    assert_int_equal(gw_dataset_add_array(data, "joined", "1", "", GW_INT64, 3, axes), 2);
    assert_int_equal(gw_dataset_add_array(data, "survivors", "1", "", GW_INT64, 3, axes), 3);
    data->array[0].integers[0] = 10;
    data->array[0].integers[1] = 20;
    data->array[2].integers[7] = joined;
    for (int t = 0; t < PERIODS; t++) {
        data->array[1].integers[t] = 1;
        data->array[1].integers[PERIODS + t] = 4;
        data->array[3].integers[t] = 10 - t / 6;
        data->array[3].integers[PERIODS + t] = 20 - t / 3;
    }
    return data;
}

/* M(d) = d / 10 and d / 5, so that two customers who come on days 0 and 1 have bought (2 d - 1) / 2 times that by the
 * end of day d. Observed are 22 days: three whole weeks. */
static void test_staggered_entry(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_backtest *b;
    struct gw_observed *o = read_good(purchases);
    struct gw_dataset *data = run("day number", 0);
    assert_int_equal(gw_backtest_create(&b, data, o, &error), GW_OK);
    const struct gw_backtest_line *l = &b->line[0];
    assert_int_equal(b->lines, 1);
    assert_int_equal(l->n, 4);
    for (int w = 0; w < 4; w++) {
        const double exposure = w == 0 ? 0.0 : 7.0 * w - 1.5;
        assert_close(l->x[w], w, 0.0, 0.0);
        assert_close(l->mean[w], 0.15 * exposure, 1e-12, 0.0);
        assert_close(l->low[w], (0.1 + 0.025 * 0.1) * exposure, 1e-12, 0.0);
        assert_close(l->high[w], (0.1 + 0.975 * 0.1) * exposure, 1e-12, 0.0);
        assert_close(l->observed[w], w < 2 ? 0.0 : (w - 1) / 2.0, 1e-12, 0.0);
    }
    gw_backtest_free(b);
    gw_dataset_free(data);
    gw_observed_free(o);
}

static void test_survival_by_renewals(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_backtest *b;
    struct gw_observed *o = read_good("year,as_is\n0,100\n2,50\n");
    struct gw_dataset *data = run("month number", 0);
    assert_int_equal(gw_backtest_create(&b, data, o, &error), GW_OK);
    const struct gw_backtest_line *l = &b->line[0];
    assert_int_equal(l->n, 3); /* periods 0, 12 and 24 */
    assert_string_equal(l->label, "As is");
    for (int y = 0; y < 3; y++) {
        assert_close(l->mean[y], 1.0 - 0.2 * y, 1e-12, 0.0);
    }
    assert_true(isnan(l->observed[1]));
    assert_close(l->observed[2], 0.5, 1e-12, 0.0);
    gw_backtest_free(b);
    gw_dataset_free(data);
    gw_observed_free(o);
}

static void assert_refused(struct gw_dataset *data, const char *text, const char *part)
{
    struct gw_error error = {0};
    struct gw_backtest *b;
    struct gw_observed *o = read_good(text);
    assert_int_equal(gw_backtest_create(&b, data, o, &error), GW_BAD_INPUT);
    assert_null(b);
    if (strstr(error.text, part) == NULL) {
        fail_msg("'%s' has no '%s'", error.text, part);
    }
    gw_observed_free(o);
    gw_dataset_free(data);
}

static void test_runs_that_do_not_fit(void **state)
{
    (void)state;
    struct gw_dataset *nobody = run("day number", 0);
    nobody->array[0].integers[1] = 0;
    assert_refused(nobody, purchases, "initial_share");
    assert_refused(run("day number", 1), purchases, "customers join");
    assert_refused(run("fortnight", 0), purchases, "how long its periods are");
    assert_refused(run("day number", 0), "customer_id,date\n1,1997-01-01\n", "less than a week");
    assert_refused(run("month number", 0), "year,other\n0,100\n", "no strategy 'other'");
    assert_refused(run("day number", 0), "year,as_is\n0,100\n", "beyond its first year");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purchases),
        cmocka_unit_test(test_purchases_in_other_dress),
        cmocka_unit_test(test_survival),
        cmocka_unit_test(test_broken_files),
        cmocka_unit_test(test_not_text),
        cmocka_unit_test(test_staggered_entry),
        cmocka_unit_test(test_survival_by_renewals),
        cmocka_unit_test(test_runs_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}

/* Valid scenarios come out as the numbers that were meant. */
#include "close.h"

#include "scenario/catalogue.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

#define HEAD "goodwill: 1\nhorizon: 2 years\npopulation: {size: 1000}\n"

static struct gw_scenario *parse_with(const char *text, const char *const *overrides, size_t n)
{
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    if (gw_scenario_parse(&scenario, text, strlen(text), "folder/test.yaml", "folder", overrides, n, &error) !=
        GW_OK) {
        print_error("%s\n", error.text);
    }
    assert_non_null(scenario);
    return scenario;
}

static struct gw_scenario *parse(const char *text)
{
    return parse_with(text, NULL, 0);
}

static const struct gw_number *number_of(const struct gw_values *values, const char *area, const char *name, int k)
{
    const int index = gw_catalogue_find(area, name);
    assert_true(index >= 0);
    return &values->number[index][k];
}

static double value_of(const struct gw_values *values, const char *area, const char *name, int k)
{
    const struct gw_number *number = number_of(values, area, name, k);
    assert_int_equal(number->how, GW_LITERAL);
    return number->value;
}

static void test_least_scenario_has_defaults(void **state)
{
    (void)state;
    struct gw_scenario *s = parse(HEAD "firms: {us: {}}\n");
    assert_string_equal(s->name, "test");
    assert_string_equal(s->title, "test");
    assert_int_equal(s->period, GW_WEEK);
    assert_close(s->years, 1.0 / 52.0, 1e-15, 0.0);
    assert_int_equal(s->horizon, 104);
    assert_int_equal(s->warm_up, 104);
    assert_int_equal(s->replications, 100);
    assert_false(s->contractual);
    assert_int_equal(s->population, 1000);
    assert_int_equal(s->segments, 1);
    assert_string_equal(s->segment[0].name, "all");
    assert_int_equal(s->network.kind, GW_NETWORK_NONE);
    assert_int_equal(s->firms, 1);
    assert_int_equal(s->strategies, 1);
    assert_string_equal(s->strategy[0].name, "status_quo");
    assert_string_equal(s->warnings, "");
    assert_close(value_of(&s->base, "firms", "price", 0), 1.0, 0.0, 0.0);
    assert_false(number_of(&s->base, "firms", "price", 0)->given);
    gw_scenario_free(s);
}

static void test_top_level(void **state)
{
    (void)state;
    struct gw_scenario *s = parse("goodwill: 1\ntitle: 'Price: or \"people\"?'\nperiod: month\nhorizon: 5 years\n"
                                  "warm_up: 26 weeks\nreplications: 1e3\nseed: 18446744073709551615\n"
                                  "setting: contractual\nkeep: {firms: true}\nfocal: us\n"
                                  "population: {size: 2e4, segments: {steady: {share: 0.3}, hunters: {share: 0.7}}}\n"
                                  "network.watts_strogatz: {degree: 10, rewire: 0.05, per_replication: true}\n"
                                  "firms: {rival: {}, us: {}}\n");
    assert_string_equal(s->title, "Price: or \"people\"?");
    assert_int_equal(s->period, GW_MONTH);
    assert_int_equal(s->horizon, 60);
    assert_int_equal(s->warm_up, 6);
    assert_int_equal(s->replications, 1000);
    assert_true(s->seed == UINT64_MAX);
    assert_true(s->contractual);
    assert_true(s->keep_firms);
    assert_int_equal(s->focal, 1);
    assert_int_equal(s->network.degree, 10);
    assert_close(s->network.rewire, 0.05, 0.0, 0.0);
    assert_true(s->network.per_replication);
    assert_int_equal(gw_segment_first(s, 0), 0);
    assert_int_equal(gw_segment_first(s, 1), 6000);
    assert_int_equal(gw_segment_first(s, 2), 20000);
    gw_scenario_free(s);
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        const char *period, *horizon;
        uint32_t periods;
    } cases[] = {{"week", "5 years", 260}, {"week", "6 months", 26}, {"week", "0.5 years", 26},
                 {"day", "1 year", 364},   {"day", "26 weeks", 182}, {"day", "10", 10},
                 {"month", "26 weeks", 6}, {"month", "2 years", 24}, {"week", "1e2", 100},
                 {"week", "14 days", 2},   {"day", "3 months", 91},  {"month", "364 days", 12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[300];
        snprintf(text, sizeof text, "goodwill: 1\nperiod: %s\nhorizon: %s\npopulation.size: 10\nfirms.us: {}\n",
                 cases[i].period, cases[i].horizon);
        struct gw_scenario *s = parse(text);
        assert_int_equal(s->horizon, cases[i].periods);
        gw_scenario_free(s);
    }
}

static void test_segments_win_over_the_population(void **state)
{
    (void)state;
    struct gw_scenario *s = parse("goodwill: 1\nhorizon: 10\nfirms: {us: {}}\npopulation:\n  size: 100\n"
                                  "  purchase_rate: 2\n  member: true\n  segments:\n"
                                  "    a: {share: 0.25, purchase_rate: 3, contract: 1e2}\n    b: {share: 0.75}\n");
    assert_close(value_of(&s->base, "population", "purchase_rate", 0), 3.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "population", "purchase_rate", 1), 2.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "population", "contract", 0), 100.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "population", "contract", 1), 52.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "population", "member", 1), 1.0, 0.0, 0.0);
    gw_scenario_free(s);
}

static void test_dotted_keys_nest(void **state)
{
    (void)state;
    struct gw_scenario *s =
        parse(HEAD "firms.us.price: 1.5\nfirms: {us: {spend: {empathy: 100}, spend.training: 50}, "
                   "rival: {}}\nfirms.us.repair: voucher\nmarket.terminal: none\n");
    assert_int_equal(s->firms, 2);
    assert_close(value_of(&s->base, "firms", "price", 0), 1.5, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "spend.empathy", 0), 100.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "spend.training", 0), 50.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "repair", 0), 1.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "spend.empathy", 1), 0.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "market", "terminal", 0), 2.0, 0.0, 0.0);
    gw_scenario_free(s);
}

static void test_strategies_are_overlays(void **state)
{
    (void)state;
    struct gw_scenario *s =
        parse(HEAD "firms: {us: {price: 1.1, open: false}, rival: {price: 0.9}}\n"
                   "strategies:\n  stay: {}\n  cut: {firms: {us: {price: 0.8}}}\n"
                   "  other: {population.segments.all.purchase_rate: 2, market.discount_rate: 0.08}\n");
    assert_int_equal(s->strategies, 3);
    assert_close(value_of(&s->base, "firms", "price", 0), 1.1, 0.0, 0.0);
    assert_close(value_of(&s->strategy[0].values, "firms", "price", 0), 1.1, 0.0, 0.0);
    assert_close(value_of(&s->strategy[1].values, "firms", "price", 0), 0.8, 0.0, 0.0);
    assert_close(value_of(&s->strategy[1].values, "firms", "price", 1), 0.9, 0.0, 0.0);
    assert_close(value_of(&s->strategy[1].values, "firms", "open", 0), 0.0, 0.0, 0.0);
    assert_close(value_of(&s->strategy[2].values, "population", "purchase_rate", 0), 2.0, 0.0, 0.0);
    assert_close(value_of(&s->strategy[2].values, "market", "discount_rate", 0), 0.08, 0.0, 0.0);
    gw_scenario_free(s);
}

#define COPIES                                                                                                       \
    HEAD "firms: {us: {price: 1.1}, local_2: {price: 1.5}, local: {copies: 3, price: 0.9, spend.empathy: 70}, "      \
         "last: {}}\nfocal: local_3\n"

static void test_copies_are_firms(void **state)
{
    (void)state;
    static const char *const names[] = {"us", "local_1", "local_2", "local_3", "last"};
    static const double price[] = {1.1, 0.9, 1.5, 0.9, 1.0};
    struct gw_scenario *s = parse(COPIES);
    assert_int_equal(s->firms, 5);
    assert_int_equal(s->focal, 3);
    for (int f = 0; f < 5; f++) {
        assert_string_equal(s->firm[f], names[f]);
        assert_close(value_of(&s->base, "firms", "price", f), price[f], 0.0, 0.0);
        assert_close(value_of(&s->base, "firms", "spend.empathy", f), f >= 1 && f <= 3 ? 70.0 : 0.0, 0.0, 0.0);
    }
    gw_scenario_free(s);
}

/* A name of the group means all its copies, in strategies and on the command line; what is written of one copy
 * stands. */
static void test_a_group_is_changed_as_one(void **state)
{
    (void)state;
    static const char *const overrides[] = {"firms.local.price=0.95", "firms.local_3.spend.empathy=20",
                                            "firms.local.copies=4",
                                            "firms.local_1.price={schedule: {at: 3, to: 1.25}}"};
    struct gw_scenario *s =
        parse_with(COPIES "strategies:\n  all: {firms.local.price: 0.8}\n  one: {firms.local_1.price: 0.7}\n"
                          "  both: {firms: {local_1: {price: 0.7}, local: {price: 0.8}}}\n"
                          "  later: {firms.local_3.spend.empathy: {schedule: {at: 5, to: 90}},\n"
                          "          firms.local_4.price: {schedule: {at: 5, to: 1.2}},\n"
                          "          firms.local_1.price: {schedule: {at: 9, to: 1.3}}}\n",
                   overrides, 4);
    static const double price[][4] = {{0.0, 1.5, 0.8, 0.8}, {0.7, 1.5, 0.95, 0.95}, {0.7, 1.5, 0.8, 0.8}};
    assert_int_equal(s->firms, 6);
    assert_close(value_of(&s->base, "firms", "price", 4), 0.95, 0.0, 0.0);
    for (int k = 0; k < 3; k++) {
        for (int f = k == 0 ? 1 : 0; f < 4; f++) {
            assert_close(value_of(&s->strategy[k].values, "firms", "price", 1 + f), price[k][f], 0.0, 0.0);
        }
    }
    assert_close(number_of(&s->strategy[3].values, "firms", "spend.empathy", 3)->schedule.start, 20.0, 0.0, 0.0);
    assert_close(number_of(&s->strategy[3].values, "firms", "price", 4)->schedule.start, 0.95, 0.0, 0.0);
    assert_close(number_of(&s->strategy[0].values, "firms", "price", 1)->schedule.start, 0.8, 0.0, 0.0);
    assert_close(number_of(&s->strategy[3].values, "firms", "price", 1)->schedule.start, 0.95, 0.0, 0.0);
    gw_scenario_free(s);
}

/* The canonical text keeps groups together, and is the same whichever way a group was written. */
static void test_copies_read_back(void **state)
{
    (void)state;
    static const char *const strategies =
        "strategies:\n  all: {firms.local.price: 0.8}\n  two: {firms: {local_1: {price: 0.7}, us: {price: 2}}}\n"
        "  each: {firms: {local: {price: 0.7}, local_2: {price: 0.7}}}\n";
    char text[1000];
    snprintf(text, sizeof text, COPIES "%s", strategies);
    struct gw_scenario *first = parse(text), *second = parse(first->resolved);
    assert_string_equal(first->resolved, second->resolved);
    assert_non_null(strstr(first->resolved, "  local:\n    copies: 3\n    price: 0.9\n"));
    assert_non_null(strstr(first->resolved, "  local_2:\n    price: 1.5\n  last:\n"));
    assert_non_null(strstr(first->resolved, "  all:\n    firms.local.price: 0.8\n  two:\n    firms.us.price: 2\n"
                                            "    firms.local_1.price: 0.7\n"));
    assert_non_null(strstr(first->resolved, "    firms.local_3.price: 0.7\n"));
    gw_scenario_free(second);
    snprintf(text, sizeof text,
             HEAD "firms: {us: {price: 1.1}, local: {copies: 3, spend.empathy: 70}, local_3: {price: 0.9}, "
                  "local_1: {price: 0.9}, local_2: {price: 1.5}, last: {}}\nfocal: local_3\n%s",
             strategies);
    second = parse(text);
    for (int f = 0; f < 5; f++) {
        assert_close(value_of(&second->base, "firms", "price", f), value_of(&first->base, "firms", "price", f), 0.0,
                     0.0);
    }
    gw_scenario_free(second);
    gw_scenario_free(first);
}

static const struct gw_number *scheduled(const struct gw_scenario *s, int strategy, const char *name)
{
    const struct gw_number *number = number_of(&s->strategy[strategy].values, "firms", name, 0);
    assert_int_equal(number->how, GW_SCHEDULE);
    return number;
}

static void test_schedule_of_steps_and_ramps(void **state)
{
    (void)state;
    struct gw_scenario *s = parse(HEAD "firms: {us: {price: 1.2}}\nstrategies:\n"
                                       "  cut: {firms.us.price: {schedule: [{at: week 8, to: 0.9}, "
                                       "{from: 3 months, until: 23, to: 1.4}]}}\n");
    const struct gw_number *price = scheduled(s, 0, "price");
    assert_close(value_of(&s->base, "firms", "price", 0), 1.2, 0.0, 0.0);
    assert_int_equal(price->schedule.changes, 2);
    assert_int_equal(price->schedule.change[1].from, 13);
    assert_int_equal(price->schedule.change[1].until, 23);
    assert_close(price->value, 1.2, 0.0, 0.0);
    assert_close(gw_number_at(price, -5), 1.2, 0.0, 0.0);
    assert_close(gw_number_at(price, 7), 1.2, 0.0, 0.0);
    assert_close(gw_number_at(price, 8), 0.9, 0.0, 0.0);
    assert_close(gw_number_at(price, 13), 0.9, 0.0, 0.0);
    assert_close(gw_number_at(price, 18), 1.15, 1e-15, 0.0);
    assert_close(gw_number_at(price, 23), 1.4, 0.0, 0.0);
    assert_close(gw_number_at(price, 103), 1.4, 0.0, 0.0);
    gw_scenario_free(s);
}

/* The start of a schedule: written, or the literal below, or the start of the schedule below, or the default. */
static void test_schedule_starts_where_it_replaces(void **state)
{
    (void)state;
    struct gw_scenario *s =
        parse(HEAD "firms: {us: {price: 1.2, spend.empathy: {schedule: {start: 70, at: 5, to: 90}}}}\nstrategies:\n"
                   "  literal: {firms.us.price: {schedule: {at: 0, to: 0.9}}}\n"
                   "  written: {firms.us.price: {schedule: {start: 1.3, at: week 0, to: 0.9}}}\n"
                   "  schedules: {firms.us.spend.empathy: {schedule: {at: 9, to: 80}}}\n"
                   "  default: {firms.us.staff: {schedule: {at: 9, to: 80}}}\n"
                   "  reached_into: {firms.us.spend.empathy.schedule.to: 95}\n"
                   "  choice: {firms.us.repair: {schedule: {at: 1, to: none}}}\n");
    assert_close(scheduled(s, 0, "price")->schedule.start, 1.2, 0.0, 0.0);
    assert_close(scheduled(s, 1, "price")->schedule.start, 1.3, 0.0, 0.0);
    assert_close(scheduled(s, 2, "spend.empathy")->schedule.start, 70.0, 0.0, 0.0);
    assert_close(gw_number_at(scheduled(s, 2, "spend.empathy"), 9), 80.0, 0.0, 0.0);
    assert_close(scheduled(s, 3, "staff")->schedule.start, 10.0, 0.0, 0.0);
    assert_close(scheduled(s, 4, "spend.empathy")->schedule.start, 70.0, 0.0, 0.0);
    assert_close(gw_number_at(scheduled(s, 4, "spend.empathy"), 5), 95.0, 0.0, 0.0);
    assert_close(gw_number_at(scheduled(s, 5, "repair"), 1), 2.0, 0.0, 0.0);
    gw_scenario_free(s);
}

static void test_vary_and_uncertain(void **state)
{
    (void)state;
    struct gw_scenario *s = parse(
        "goodwill: 1\nhorizon: 10\nfirms: {us: {unit_cost: {uncertain: {triangular: {low: 0.4, high: 0.7, mode: "
        "0.5}}}}}\n"
        "market.discount_rate: {uncertain: {beta: {mean: 0.1, sd: 0.02}}}\n"
        "population:\n  size: 100\n  purchase_rate: {vary: {gamma: {shape: 2, mean: 0.5}}}\n"
        "  price_sensitivity: {vary: {lognormal: {mean: {uncertain: {uniform: {low: 2, high: 3}}}, sd: 0.8}}}\n");
    const struct gw_number *rate = number_of(&s->base, "population", "purchase_rate", 0);
    assert_int_equal(rate->how, GW_VARY);
    assert_int_equal(rate->spread.distribution.family, GW_GAMMA);
    assert_close(rate->spread.distribution.a, 2.0, 0.0, 0.0);
    assert_close(rate->spread.distribution.b, 4.0, 0.0, 0.0);
    assert_close(rate->value, 0.5, 1e-15, 0.0);
    assert_int_equal(rate->spread.world[0].family, GW_NO_FAMILY);
    const struct gw_number *sensitivity = number_of(&s->base, "population", "price_sensitivity", 0);
    assert_int_equal(sensitivity->spread.world[0].family, GW_UNIFORM);
    assert_int_equal(sensitivity->spread.world[1].family, GW_NO_FAMILY);
    assert_close(sensitivity->spread.distribution.a, 2.5, 1e-15, 0.0);
    assert_close(sensitivity->spread.distribution.b, 0.8, 0.0, 0.0);
    const struct gw_number *discount = number_of(&s->base, "market", "discount_rate", 0);
    assert_int_equal(discount->how, GW_UNCERTAIN);
    assert_close(gw_distribution_mean(discount->spread.distribution), 0.1, 1e-14, 0.0);
    assert_close(gw_distribution_sd(discount->spread.distribution), 0.02, 1e-13, 0.0);
    assert_close(number_of(&s->base, "firms", "unit_cost", 0)->spread.distribution.c, 0.5, 0.0, 0.0);
    gw_scenario_free(s);
}

/* A number in braces and a network are replaced whole; a dotted key reaches into them. */
static void test_overrides(void **state)
{
    (void)state;
    const char *const overrides[] = {"firms.us.price=0.95",
                                     "population.purchase_rate.vary.gamma.shape=3",
                                     "population.price_sensitivity={vary: {gamma: {shape: 4, rate: 2}}}",
                                     "network={edge_list: friends.csv}",
                                     "strategies.cut.firms.us.price=0.7",
                                     "strategies.new={}",
                                     "title=a=b",
                                     "seed=7",
                                     "seed=8"};
    struct gw_scenario *s = parse_with(
        HEAD "firms: {us: {price: 1.2}}\nstrategies: {cut: {}}\nnetwork: {watts_strogatz: {degree: 4, rewire: 0}}\n"
             "population.purchase_rate: {vary: {gamma: {shape: 2, rate: 4}}}\n"
             "population.price_sensitivity: {vary: {lognormal: {mean: 1, sd: 1}}}\n",
        overrides, sizeof overrides / sizeof overrides[0]);
    assert_close(value_of(&s->base, "firms", "price", 0), 0.95, 0.0, 0.0);
    const struct gw_distribution rate = number_of(&s->base, "population", "purchase_rate", 0)->spread.distribution;
    assert_close(rate.a, 3.0, 0.0, 0.0);
    assert_close(rate.b, 4.0, 0.0, 0.0);
    assert_int_equal(number_of(&s->base, "population", "price_sensitivity", 0)->spread.distribution.family, GW_GAMMA);
    assert_int_equal(s->network.kind, GW_NETWORK_EDGE_LIST);
    assert_string_equal(s->network.path, "friends.csv");
    assert_int_equal(s->strategies, 2);
    assert_close(value_of(&s->strategy[0].values, "firms", "price", 0), 0.7, 0.0, 0.0);
    assert_string_equal(s->title, "a=b");
    assert_int_equal(s->seed, 8);
    gw_scenario_free(s);
}

static void test_wrong_overrides_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *override, *message;
    } cases[] = {
        {"firms.us.price=cheap", "--set firms.us.price=cheap: firms.us.price: expected a number, got 'cheap'"},
        {"firms.us.prise=1", "--set firms.us.prise=1: firms.us.prise: unknown key (did you mean 'price'?)"},
        {"firms.us.price=-1",
         "--set firms.us.price=-1: firms.us.price: -1 is outside [0, 100] price of the reference"},
        {"seed", "--set seed: expected KEY=VALUE, such as firms.us.price=0.9"},
        {"=3", "--set =3: expected KEY=VALUE, such as firms.us.price=0.9"},
        {"seed=", "--set seed=: expected a value after '='"},
        {"a..b=1", "--set a..b=1: expected KEY=VALUE, such as firms.us.price=0.9"},
        {"title={", "--set title={: not valid YAML: did not find expected node content"},
        {"extends=x.yaml", "--set extends=x.yaml: a file to extend can be named in a file only"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = HEAD "firms: {us: {}}\n";
        struct gw_scenario *s = NULL;
        struct gw_error error = {0};
        assert_int_equal(gw_scenario_parse(&s, text, strlen(text), "a.yaml", "", &cases[i].override, 1, &error),
                         GW_BAD_INPUT);
        assert_null(s);
        assert_string_equal(error.text, cases[i].message);
    }
}

static void test_edge_list_counts_the_population(void **state)
{
    (void)state;
    struct gw_scenario *s = parse("goodwill: 1\nhorizon: 10\nfirms: {us: {}}\nnetwork: {edge_list: friends.csv}\n");
    assert_false(s->population_given);
    assert_int_equal(s->population, 0);
    assert_string_equal(s->network.path, "folder/friends.csv");
    assert_int_equal(s->segments, 1);
    gw_scenario_free(s);
}

/* Networks read, and read again from the canonical text. */
static struct gw_network_spec network_of(const char *network)
{
    char text[400];
    snprintf(text, sizeof text, HEAD "firms: {us: {}}\nnetwork: %s\n", network);
    struct gw_scenario *s = parse(text), *again = parse(s->resolved);
    assert_string_equal(s->resolved, again->resolved);
    const struct gw_network_spec spec = s->network;
    gw_scenario_free(s);
    gw_scenario_free(again);
    return spec; /* its pointers are gone */
}

static void test_networks(void **state)
{
    (void)state;
    struct gw_network_spec spec = network_of("{barabasi_albert: {edges: 5}}");
    assert_int_equal(spec.kind, GW_NETWORK_BARABASI_ALBERT);
    assert_int_equal(spec.edges, 5);
    assert_false(spec.per_replication);
    spec = network_of("{configuration: {per_replication: true, poisson: {mean: 0.5}}}");
    assert_int_equal(spec.kind, GW_NETWORK_CONFIGURATION);
    assert_int_equal(spec.law.family, GW_DEGREES_POISSON);
    assert_close(spec.law.mean, 0.5, 0.0, 0.0);
    assert_true(spec.per_replication);
    spec = network_of("{configuration: {geometric: {mean: 1e1}}}");
    assert_int_equal(spec.law.family, GW_DEGREES_GEOMETRIC);
    assert_close(spec.law.mean, 10.0, 0.0, 0.0);
    spec = network_of("{configuration: {power_law: {exponent: 2.25, minimum: 2, maximum: 99}}}");
    assert_int_equal(spec.law.family, GW_DEGREES_POWER_LAW);
    assert_close(spec.law.exponent, 2.25, 0.0, 0.0);
    assert_int_equal(spec.law.minimum, 2);
    assert_int_equal(spec.law.maximum, 99);
    assert_int_equal(network_of("{complete: {}}").kind, GW_NETWORK_COMPLETE);
    assert_int_equal(network_of("none").kind, GW_NETWORK_NONE);
}

/* The file's lines are the population, whatever its line breaks, blanks and comments. */
static void test_list_of_degrees_counts_the_population(void **state)
{
    (void)state;
    static const uint32_t degree[5] = {3, 0, 1, 2, 2};
    struct gw_scenario *s = NULL;
    struct gw_error error = {0};
    if (gw_scenario_load(&s, TEST_FOLDER "/valid/degrees.yaml", NULL, 0, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(s->network.law.family, GW_DEGREES_LISTED);
    assert_int_equal(s->network.law.people, 5);
    assert_memory_equal(s->network.law.degree, degree, sizeof degree);
    assert_false(s->population_given);
    assert_non_null(strstr(s->resolved, "network: {configuration: {degrees: \"" TEST_FOLDER
                                        "/valid/base/degrees.txt\", per_replication: false}}\n"));
    gw_scenario_free(s);
}

/* A network replaces another whole; what only bears a network's name merges key by key as ever. */
static void test_networks_do_not_mix(void **state)
{
    (void)state;
    const char *const overrides[] = {"network={configuration: {geometric: {mean: 4}}}",
                                     "network.configuration={poisson: {mean: 4}}",
                                     "network.configuration.poisson.mean=5", "firms={network: {price: 1.5}}",
                                     "strategies={complete: {firms.network.price: 2}}"};
    struct gw_scenario *s =
        parse_with(HEAD "firms: {network: {unit_cost: 0.25}, us: {}}\nnetwork: {barabasi_albert: {edges: 5}}\n"
                        "strategies: {complete: {firms.us.price: 3}}\n",
                   overrides, sizeof overrides / sizeof overrides[0]);
    assert_int_equal(s->network.kind, GW_NETWORK_CONFIGURATION);
    assert_int_equal(s->network.law.family, GW_DEGREES_POISSON);
    assert_close(s->network.law.mean, 5.0, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "price", 0), 1.5, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "unit_cost", 0), 0.25, 0.0, 0.0);
    assert_close(value_of(&s->strategy[0].values, "firms", "price", 0), 2.0, 0.0, 0.0);
    assert_close(value_of(&s->strategy[0].values, "firms", "price", 1), 3.0, 0.0, 0.0);
    gw_scenario_free(s);
}

/* valid/child.yaml lays itself over valid/base/parent.yaml, which lays itself over valid/base/grandparent.yaml. */
static void test_extends(void **state)
{
    (void)state;
    struct gw_scenario *s = NULL;
    struct gw_error error = {0};
    assert_int_equal(gw_scenario_load(&s, TEST_FOLDER "/valid/child.yaml", NULL, 0, &error), GW_OK);
    assert_string_equal(s->name, "child");
    assert_string_equal(s->title, "The child's own");
    assert_int_equal(s->horizon, 52);
    assert_int_equal(s->seed, 11);
    assert_int_equal(s->firms, 2);
    assert_string_equal(s->firm[0], "us");
    assert_close(value_of(&s->base, "firms", "price", 0), 1.5, 0.0, 0.0);
    assert_close(value_of(&s->base, "firms", "unit_cost", 0), 0.55, 0.0, 0.0);
    assert_close(scheduled(s, 0, "spend.empathy")->schedule.start, 40.0, 0.0, 0.0);
    assert_string_equal(s->network.path, TEST_FOLDER "/valid/base/friends.csv");
    assert_non_null(strstr(s->text, "The child's own"));
    assert_non_null(strstr(s->text, "grandparent speaking"));
    gw_scenario_free(s);
}

static void test_warnings_name_what_is_implausible(void **state)
{
    (void)state;
    struct gw_scenario *s = parse(HEAD "firms: {us: {price: 3}}\nmarket.discount_rate: 0.2\n"
                                       "strategies: {a: {}, b: {firms.us.price: 0.1}}\n");
    assert_string_equal(
        s->warnings, "folder/test.yaml:4:21: firms.us.price: 3 is outside the plausible range [0.5, 2] price of the "
                     "reference\n"
                     "folder/test.yaml:5:23: market.discount_rate: 0.2 is outside the plausible range [0.05, 0.15] "
                     "per year\n"
                     "folder/test.yaml:6:41: strategies.b.firms.us.price: 0.1 is outside the plausible range [0.5, "
                     "2] price of the reference\n");
    gw_scenario_free(s);
}

static const char everything[] =
    "goodwill: 1\ntitle: \"A \\\"quoted\\\" title with \\\\ and \u00fc\"\nhorizon: 2 years\nwarm_up: 6 months\n"
    "population:\n  size: 1000\n  price_sensitivity: {vary: {gamma: {shape: 2, mean: 0.7}}}\n  segments:\n"
    "    k\u00e4ufer: {share: 0.1, purchase_rate: {vary: {lognormal: {mean: {uncertain: {beta: {mean: 0.3, sd: "
    "0.1}}}, sd: "
    "0.1}}}}\n    rest: {share: 0.9, member: true}\n"
    "network: {watts_strogatz: {degree: 6, rewire: 1e-3}}\n"
    "firms:\n  us: {price: 1.1, staff: 1e3, repair: voucher, open: false}\n"
    "  rival: {price: {uncertain: {inverse_gamma: {shape: 3, scale: 2}}}, spend.training: 123456789.25}\n"
    "market: {discount_rate: 0.1, terminal: run_off}\nfocal: rival\n"
    "strategies:\n  stay: {}\n  cut: {firms.us.price: {schedule: [{at: 8, to: 0.9}, {from: 10, until: 20, to: "
    "0.95}]}}\n"
    "  close: {firms.us.open: {schedule: {at: year 1, to: true}}, population.segments.rest.contract: 13}\n";

/* The canonical text means the same scenario, and is its own canonical text. */
static void test_precision_decides_over_the_number_of_replications(void **state)
{
    (void)state;
    static const char text[] = HEAD "firms: {us: {}}\nreplications: 30\n"
                                    "precision: {half_width: 1.5%, of: [nps, all.share / 2], most: 700}\n";
    static const char *const off[] = {"precision=none"}, *const width[] = {"precision.half_width=7"};
    struct gw_scenario *s = parse(text), *again = parse(s->resolved);
    assert_true(s->precision.half_width == 1.5 && s->precision.relative && s->precision.confidence == 0.95);
    assert_int_equal(s->precision.least, 100);
    assert_int_equal(s->precision.most, 700);
    assert_int_equal(s->replications, 700);
    assert_int_equal(s->precision.asked, 2);
    assert_string_equal(s->precision.of[1], "all.share / 2");
    assert_string_equal(s->resolved, again->resolved);
    gw_scenario_free(s);
    gw_scenario_free(again);
    s = parse_with(text, off, 1);
    assert_true(s->precision.half_width == 0.0);
    assert_int_equal(s->replications, 30);
    assert_null(strstr(s->resolved, "precision"));
    gw_scenario_free(s);
    s = parse_with(text, width, 1); /* the rest of the block stays */
    assert_true(s->precision.half_width == 7.0 && !s->precision.relative);
    assert_int_equal(s->precision.most, 700);
    gw_scenario_free(s);
    s = parse(HEAD "firms: {us: {}}\nprecision: {half_width: 1e3, least: 5000}\n");
    assert_int_equal(s->replications, 5000);
    assert_string_equal(s->precision.of[0], "company_value");
    gw_scenario_free(s);
}

static void test_variance_reduction_is_off_unless_said(void **state)
{
    (void)state;
    struct gw_scenario *plain = parse(HEAD "firms: {us: {}}\n");
    struct gw_scenario *s = parse(HEAD "firms: {us: {}}\nvariance_reduction: {antithetic: true}\n"),
                       *again = parse(s->resolved);
    assert_false(plain->reduction.antithetic || plain->reduction.control_variates);
    assert_null(strstr(plain->resolved, "variance_reduction"));
    assert_true(again->reduction.antithetic && !again->reduction.control_variates);
    assert_string_equal(s->resolved, again->resolved);
    gw_scenario_free(plain);
    gw_scenario_free(s);
    gw_scenario_free(again);
}

static void test_resolved_text_reads_back(void **state)
{
    (void)state;
    struct gw_scenario *first = parse(everything), *second = parse(first->resolved);
    assert_string_equal(first->resolved, second->resolved);
    assert_non_null(strstr(first->resolved,
                           "    firms.us.price: {schedule: [{start: 1.1, at: 8, to: 0.9}, {from: 10, "
                           "until: 20, to: 0.95}]}\n"));
    assert_non_null(strstr(first->resolved, "    staff: 1000\n"));
    assert_non_null(strstr(first->resolved, "    spend.training: 123456789.25\n"));
    assert_non_null(strstr(first->resolved, "    population.segments.rest.contract: 13\n"));
    assert_non_null(strstr(first->resolved, "  stay: {}\n"));
    const struct gw_number *a = number_of(&first->base, "population", "price_sensitivity", 0);
    const struct gw_number *b = number_of(&second->base, "population", "price_sensitivity", 0);
    assert_memory_equal(&a->spread.distribution.b, &b->spread.distribution.b, sizeof(double));
    gw_scenario_free(first);
    gw_scenario_free(second);
}

static void test_equal_meaning_gives_equal_text(void **state)
{
    (void)state;
    struct gw_scenario *a =
        parse(HEAD "title: t\nfirms: {us: {price: 1.50}}\nstrategies: {s: {firms.us.price: 1.5}}\n");
    struct gw_scenario *b =
        parse("strategies: {s: {}}\nfirms.us.price: 15e-1\nhorizon: 24 months\ntitle: 't'\nseed: 1\n"
              "population: {segments: {all: {}}, size: 1e3}\ngoodwill: 1\n");
    assert_string_equal(a->resolved, b->resolved);
    gw_scenario_free(a);
    gw_scenario_free(b);
}

static void test_carriage_returns_and_byte_order_mark(void **state)
{
    (void)state;
    struct gw_scenario *s =
        parse("\xEF\xBB\xBFgoodwill: 1\r\nhorizon: 10\r\npopulation: {size: 5}\r\nfirms: {us: {price: 1.5}}\r\n");
    assert_close(value_of(&s->base, "firms", "price", 0), 1.5, 0.0, 0.0);
    gw_scenario_free(s);
}

/* Files laid over a scenario stand in line with the other overrides: the last one counts. */
static void test_files_laid_over(void **state)
{
    (void)state;
    static const char *const first[] = {"@" TEST_FOLDER "/valid/preset.yaml", "market.discount_rate=0.3"};
    static const char *const last[] = {"market.discount_rate=0.3", "@" TEST_FOLDER "/valid/preset.yaml"};
    struct gw_scenario *a = parse_with(HEAD "firms: {us: {}}\n", first, 2);
    struct gw_scenario *b = parse_with(HEAD "firms: {us: {}}\n", last, 2);
    assert_close(value_of(&a->base, "market", "discount_rate", 0), 0.3, 0.0, 0.0);
    assert_close(value_of(&b->base, "market", "discount_rate", 0), 0.2, 0.0, 0.0);
    assert_non_null(strstr(b->text, "discount_rate: 0.2"));
    gw_scenario_free(a);
    gw_scenario_free(b);
}

static void test_files_laid_over_extend_nothing(void **state)
{
    (void)state;
    static const char *const overrides[] = {"@" TEST_FOLDER "/valid/child.yaml"};
    struct gw_scenario *s = NULL;
    struct gw_error error = {0};
    const char *text = HEAD "firms: {us: {}}\n";
    assert_int_equal(gw_scenario_parse(&s, text, strlen(text), "test.yaml", "", overrides, 1, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "a file that is laid over a scenario extends nothing"));
}

static void test_missing_file(void **state)
{
    (void)state;
    struct gw_scenario *s = NULL;
    struct gw_error error = {0};
    assert_int_equal(gw_scenario_load(&s, "no/such/file.yaml", NULL, 0, &error), GW_BAD_INPUT);
    assert_null(s);
    assert_string_equal(error.text, "no/such/file.yaml: cannot be opened: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least_scenario_has_defaults),
        cmocka_unit_test(test_top_level),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_segments_win_over_the_population),
        cmocka_unit_test(test_dotted_keys_nest),
        cmocka_unit_test(test_strategies_are_overlays),
        cmocka_unit_test(test_copies_are_firms),
        cmocka_unit_test(test_a_group_is_changed_as_one),
        cmocka_unit_test(test_copies_read_back),
        cmocka_unit_test(test_schedule_of_steps_and_ramps),
        cmocka_unit_test(test_schedule_starts_where_it_replaces),
        cmocka_unit_test(test_vary_and_uncertain),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_wrong_overrides_are_named),
        cmocka_unit_test(test_edge_list_counts_the_population),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_list_of_degrees_counts_the_population),
        cmocka_unit_test(test_networks_do_not_mix),
        cmocka_unit_test(test_extends),
        cmocka_unit_test(test_warnings_name_what_is_implausible),
        cmocka_unit_test(test_precision_decides_over_the_number_of_replications),
        cmocka_unit_test(test_variance_reduction_is_off_unless_said),
        cmocka_unit_test(test_resolved_text_reads_back),
        cmocka_unit_test(test_equal_meaning_gives_equal_text),
        cmocka_unit_test(test_carriage_returns_and_byte_order_mark),
        cmocka_unit_test(test_files_laid_over),
        cmocka_unit_test(test_files_laid_over_extend_nothing),
        cmocka_unit_test(test_missing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

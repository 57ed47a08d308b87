#include "market.h"

#include "models/registry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 4096 };

struct market {
    char yaml[2048];
    char *override[ROOM + 1];
    size_t overrides;
};

static const char *const firms[] = {"us", "rival", "third"};
static const char *const segments[] = {"alike", "mixed"};

static const char form[] =
    "goodwill: 1\n"
    "period: week\nhorizon: 30 weeks\nwarm_up: 12 weeks\nreplications: 2\nseed: 20240229\n"
    "setting: %s\n"
    "population: {size: %d, relations: %d, segments: {alike: {share: 0.45}, mixed: {share: 0.55}}}\n"
    "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
    "focal: us\n"
    "firms: {us: {initial_share: 0.3, initial_cash: 1e6}, rival: {price: 0.95, initial_share: 0.2, initial_cash: "
    "1e6}, third: {appeal: 0.2, opens: 0.1}}\n"
    "market: {area_radius: 1}\n"
    "strategies:\n"
    "  base: {}\n"
    "  other: {firms.us.price: {schedule: {from: week 3, until: week 9, to: 0.9}}, firms.us.repair_share: 0.5}\n";

/* Set by the form itself, or so that something happens within the horizon. */
static const char *const set_elsewhere[] = {"initial_share",     "price",       "appeal",  "opens",
                                            "initial_cash",      "area_radius", "place_x", "place_y",
                                            "always_considered", NULL};
static const char *const quick[] = {"market.contract_years=0.2", "market.avoidance=0.2", "firms.us.agents.phone=1",
                                    NULL};

static void add(struct market *market, char *text)
{
    assert_non_null(text);
    assert_true(market->overrides < ROOM);
    market->override[market->overrides++] = text;
}

static char *word_of(const struct gw_parameter *p, double value)
{
    char *word = NULL;
    if (p->kind == GW_CHOICE) {
        const char *start = p->choices;
        for (int skip = (int)value; skip > 0; skip--) {
            start = strchr(start, '|') + 1;
        }
        assert_true(asprintf(&word, "%.*s", (int)strcspn(start, "|"), start) > 0);
    } else if (p->kind == GW_FLAG) {
        assert_true(asprintf(&word, value > 0.5 ? "true" : "false") > 0);
    } else {
        assert_true(asprintf(&word, "%.17g", value) > 0);
    }
    return word;
}

/* KEY=TEXT for all that the parameter stands for: segments from `first` on, firms, or the market. */
static void set(struct market *market, const struct gw_parameter *p, const char *text, size_t first)
{
    char *line = NULL;
    switch (p->scope) {
    case GW_CONSUMER:
        for (size_t s = first; s < sizeof segments / sizeof *segments; s++) {
            assert_true(asprintf(&line, "population.segments.%s.%s=%s", segments[s], p->name, text) > 0);
            add(market, line);
        }
        break;
    case GW_FIRM:
    case GW_LEVER:
        for (size_t f = 0; f < sizeof firms / sizeof *firms; f++) {
            assert_true(asprintf(&line, "firms.%s.%s=%s", firms[f], p->name, text) > 0);
            add(market, line);
        }
        break;
    case GW_MARKET:
        assert_true(asprintf(&line, "market.%s=%s", p->name, text) > 0);
        add(market, line);
        break;
    }
}

static void set_value(struct market *market, const struct gw_parameter *p, double value)
{
    char *word = word_of(p, value);
    set(market, p, word, 0);
    free(word);
}

static bool is_off(const struct gw_parameter *p, double value)
{
    return value >= p->off && value <= p->off;
}

static double middle(const struct gw_parameter *p)
{
    const double x = 0.5 * (p->plausible_low + p->plausible_high);
    return p->kind == GW_REAL ? (is_off(p, x) ? p->plausible_high : x) : round(p->plausible_high);
}

static void switch_on(struct market *market, const struct gw_parameter *p)
{
    for (size_t i = 0; set_elsewhere[i] != NULL; i++) {
        if (strcmp(set_elsewhere[i], p->name) == 0) {
            return;
        }
    }
    set_value(market, p, is_off(p, p->value) ? middle(p) : p->value);
    if (p->scope == GW_CONSUMER && p->kind == GW_REAL) {
        char *range = NULL;
        assert_true(asprintf(&range, "{vary: {uniform: {low: %.17g, high: %.17g}}}", p->plausible_low,
                             p->plausible_high) > 0);
        set(market, p, range, 1);
        free(range);
    }
}

struct market *market_open(bool contractual)
{
    struct market *market = calloc(1, sizeof *market);
    assert_non_null(market);
    snprintf(market->yaml, sizeof market->yaml, form, contractual ? "contractual" : "non_contractual",
             GW_BLOCK + GW_BLOCK / 4, contractual ? 3 : 2);
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_parameter *p = gw_rules(GW_ISA_PORTABLE)[r]->parameters;
        for (; p != NULL && p->name != NULL; p++) {
            switch_on(market, p);
        }
    }
    for (size_t i = 0; quick[i] != NULL; i++) {
        add(market, strdup(quick[i]));
    }
    return market;
}

void market_close(struct market *market)
{
    for (size_t i = 0; i < market->overrides; i++) {
        free(market->override[i]);
    }
    free(market);
}

bool market_switch_off(struct market *market, const char *rule)
{
    bool any = false;
    const struct gw_parameter *p = gw_rules(GW_ISA_PORTABLE)[gw_rule_find(rule)]->parameters;
    for (; p != NULL && p->name != NULL; p++) {
        if (!isnan(p->off)) {
            set_value(market, p, p->off);
            any = true;
        }
    }
    return any;
}

struct lab *market_run(const struct market *market, struct lab_options options)
{
    options.overrides = (const char *const *)market->override;
    return lab_run_with(market->yaml, options);
}

struct gw_scenario *market_scenario(const struct market *market)
{
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    if (gw_scenario_parse(&scenario, market->yaml, strlen(market->yaml), "market.yaml", ".",
                          (const char *const *)market->override, market->overrides, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return scenario;
}

/*
 * Durations and moments. A year has 52 weeks, 364 days, 12 months; a week 7 days. In thirds of a day all four are
 * whole numbers, so that whatever does not fill whole periods is found out exactly.
 */
#include "scenario/reader.h"
#include "scenario/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 3, WEEK = 21, MONTH = 91, YEAR = 1092 };

static const struct {
    const char *one;
    double thirds;
} units[] = {{"day", DAY}, {"week", WEEK}, {"month", MONTH}, {"year", YEAR}};

static const double thirds_of_period[] = {[GW_DAY] = DAY, [GW_WEEK] = WEEK, [GW_MONTH] = MONTH};

double gw_period_years(enum gw_period_unit period)
{
    return thirds_of_period[period] / YEAR;
}

/* Thirds of a day in the unit written as "week" or "weeks"; 0 when it is none. */
static double unit_of(const char *word)
{
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        const size_t length = strlen(units[u].one);
        if (strncmp(word, units[u].one, length) == 0 &&
            (word[length] == '\0' || (word[length] == 's' && word[length + 1] == '\0'))) {
            return units[u].thirds;
        }
    }
    return 0.0;
}

/* "8 weeks" or, where `moment`, "week 8"; a bare number counts periods. False when it is none of these. */
static bool parse(const char *text, double thirds_of_one, bool moment, double *thirds)
{
    char first[24], second[24], rest;
    double number;
    const int words = sscanf(text, "%23s %23s %c", first, second, &rest);
    if (words == 1 && gw_parse_real(first, &number)) {
        *thirds = number * thirds_of_one;
        return true;
    }
    if (words != 2) {
        return false;
    }
    const bool unit_first = moment && gw_parse_real(second, &number);
    const double unit = unit_of(unit_first ? first : second);
    if (unit == 0.0 || (!unit_first && !gw_parse_real(first, &number))) {
        return false;
    }
    *thirds = number * unit;
    return true;
}

static bool take(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool moment,
                 uint32_t low, uint32_t *periods)
{
    const enum gw_period_unit unit = r->scenario->period;
    double thirds;
    char got[100];
    gw_node_text(node, got, sizeof got);
    if (node->kind != GW_SCALAR || !parse(node->text, thirds_of_period[unit], moment, &thirds)) {
        gw_problem(r->problems, node->mark, path, "expected %s or a number of periods, got %s",
                   moment ? "a moment such as week 8" : "a duration such as 5 years", got);
        return false;
    }
    const double n = thirds / thirds_of_period[unit];
    if (n != floor(n)) {
        gw_problem(r->problems, node->mark, path,
                   "expected a whole number of %ss, got %s (a year has 12 months, 52 weeks or 364 days, a month no "
                   "whole number of weeks or days)",
                   units[unit].one, got);
        return false;
    }
    if (n < low || n > GW_MAX_PERIODS) {
        gw_problem(r->problems, node->mark, path, "expected %u to %d periods, got %s", low, GW_MAX_PERIODS, got);
        return false;
    }
    *periods = (uint32_t)n;
    return true;
}

bool gw_take_duration(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, uint32_t low,
                      uint32_t *periods)
{
    return take(r, node, path, false, low, periods);
}

bool gw_take_moment(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, uint32_t *periods)
{
    return take(r, node, path, true, 0, periods);
}

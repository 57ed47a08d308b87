/*
 * A lesson: a scenario that asks one question about one claim, says what it expects, and ships the change of the
 * market under which the answer turns. The block `lesson:` of a scenario file; results do not depend on it.
 */
#ifndef GW_SCENARIO_LESSON_H
#define GW_SCENARIO_LESSON_H

#include <stdbool.h>

enum { GW_MAX_EXPECTATIONS = 8, GW_MAX_LESSON_POINTS = 100, GW_MAX_FIGURE_PARTS = 8 };

/* The claim holds where `measure` lies between `low` and `high` with at least this probability. */
struct gw_expectation {
    char *say;     /* what is measured, in words */
    char *measure; /* expression over the results: outcome/expression.h */
    char *unit;    /* "%": a share, shown in percent; "" for none */
    double low, high;
    double probability; /* above 0.5, below 1 */
    double target;      /* the figure of the claim, shown beside the measurement; NaN: none */
};

/* A change laid over the whole lesson. */
struct gw_lesson_change {
    char *name;    /* of the changed market, for figures */
    char *because; /* one sentence */
    char *changes; /* "key: value" per line, for people */
};

/* What a figure compares instead of strategies. */
struct gw_figure_part {
    char *say, *measure;
};

struct gw_lesson_figure {
    char *heading; /* the message */
    char *measure; /* expression in which `each` stands for every strategy in turn; NULL with parts */
    char *label, *unit;
    char *x_label; /* NULL: strategies, or parts, are categories */
    double *x;     /* [points] where each strategy, or part, stands on the axis, with x_label */
    int points;    /* length of x */
    int parts;
    struct gw_figure_part part[GW_MAX_FIGURE_PARTS];
    bool over_time;
};

struct gw_lesson {
    int number;
    char *theme, *claim, *question;
    char *holds, *fails; /* what it means where the claim holds, and where it fails */
    int expectations;
    struct gw_expectation expect[GW_MAX_EXPECTATIONS];
    struct gw_lesson_change flip; /* turns the verdict */
    struct gw_lesson_change off;  /* switches the mechanism off */
    char *effect;                 /* expression: not 0 as it stands, 0 with the mechanism off */
    struct gw_lesson_figure figure;
};

#endif

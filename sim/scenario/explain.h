/*
 * What is wrong with a scenario, told so that it can be put right: all of it at once, each with its place, the line
 * it stands in, and the word that was probably meant.
 */
#ifndef GW_SCENARIO_EXPLAIN_H
#define GW_SCENARIO_EXPLAIN_H

#include "core/status.h"
#include "scenario/arena.h"
#include "scenario/source.h"

#include <stdbool.h>

/* Where we are in the tree, innermost first; lives on the stack of whoever walks. NULL is the root. */
struct gw_path {
    const struct gw_path *up;
    const char *key; /* NULL: an item of a list */
    int item;        /* from 0 */
};

struct gw_problem {
    struct gw_mark mark;
    const char *path, *message;
};

enum { GW_PROBLEMS_KEPT = 64 };

/* Two lists with the same content rules: equal place and message is the same problem (a mistake of the base shows
 * in every strategy, but is told once). */
struct gw_problems {
    struct gw_arena *arena;
    int errors, warnings;
    bool more_errors, more_warnings; /* there were more than could be kept */
    struct gw_problem error[GW_PROBLEMS_KEPT], warning[GW_PROBLEMS_KEPT];
};

void gw_problem(struct gw_problems *problems, struct gw_mark mark, const struct gw_path *path, const char *format,
                ...) __attribute__((format(printf, 4, 5)));
void gw_warning(struct gw_problems *problems, struct gw_mark mark, const struct gw_path *path, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

/* GW_OK without errors. Otherwise GW_BAD_INPUT and all errors in the order of the text, as many as fit. */
int gw_problems_report(struct gw_problems *problems, struct gw_error *error);

/* The warnings, a line each, in the order of the text; owned by `arena`. NULL when memory fails. */
char *gw_problems_warnings(struct gw_problems *problems, struct gw_arena *arena);

/* Looks for the candidate nearest to a word: edit distance with transpositions (Damerau 1964, Communications of the
 * ACM 7(3)), accepted up to a third of the word's length. */
struct gw_guess {
    const char *word, *best;
    int distance;
};

/* Begins; without effect once no more problems can be kept, so that thousands of them stay cheap. */
struct gw_guess gw_guess_begin(const struct gw_problems *problems, const char *word);
void gw_guess_try(struct gw_guess *guess, const char *candidate);

/* " (did you mean 'best'?)", or "" without a candidate near enough. */
const char *gw_guess_text(const struct gw_guess *guess, char *out, size_t room);

#endif

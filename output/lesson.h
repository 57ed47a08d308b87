/*
 * What became of a lesson: for people as text, for programs as records, for a class as a figure, and all of them as a
 * page to hand out.
 */
#ifndef GW_OUTPUT_LESSON_H
#define GW_OUTPUT_LESSON_H

#include "outcome/verdict.h"
#include "output/answer.h"

#include <stdio.h>

/* One run of a lesson, as shipped or under its flip. Borrows the dataset. */
struct gw_lesson_run {
    const struct gw_dataset *dataset;
    struct gw_finding finding[GW_MAX_EXPECTATIONS];
    enum gw_verdict verdict;
};

struct gw_lesson_result {
    const struct gw_lesson *lesson;
    const char *name; /* of the scenario, "14_talk" */
    bool changed;     /* by its user: then its own sentences on what the verdict means need not be true */
    struct gw_lesson_run shipped, flipped;
};

/* "2.01 (95%: 1.98 to 2.04)", with the unit. */
void gw_lesson_number(char *out, size_t size, const struct gw_estimate *estimate, const char *unit);
/* "above 0", "between 1.8 and 2.2" */
void gw_lesson_bounds(char *out, size_t size, const struct gw_expectation *expect);

/* What the claim says, "45%"; "" if it names no figure. */
void gw_lesson_target(char *out, size_t size, const struct gw_expectation *expect);

/* The lesson's claim and question: what is shown before a class has guessed. */
void gw_lesson_write_question(const struct gw_lesson *lesson, FILE *out);
/* Measures, verdict, and what turns it. */
void gw_lesson_write_answer(const struct gw_lesson_result *result, FILE *out);

/* One table of all lessons: a line per lesson. */
void gw_lesson_write_table(const struct gw_lesson_result *results, size_t n, FILE *out);
/* A record per expectation and run: number,lesson,run,say,unit,n,mean,low,high,target,probability,verdict. */
int gw_lesson_write_records(const struct gw_lesson_result *results, size_t n, enum gw_answer_form form, FILE *out,
                            struct gw_error *error);

/* The page docs/claims.md: a section per lesson with its figure `figures`/NAME.svg and the fingerprints of a short
 * run of both, "SHIPPED FLIPPED" in `fingerprint[i]`. */
int gw_lesson_write_page(const struct gw_lesson_result *results, const char *const *fingerprint, size_t n,
                         const char *figures, FILE *out, struct gw_error *error);

/* Draws the lesson's figure as DIRECTORY/NAME.FORMAT; `path` is released with free(). */
int gw_lesson_draw(const struct gw_lesson_result *result, const char *directory, const char *format, char **path,
                   struct gw_error *error);

#endif

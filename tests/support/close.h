/* Assertions on numbers; cmocka 1.1.5's own assert_float_equal passes at 1e-9 whatever epsilon says. */
#ifndef TESTS_SUPPORT_CLOSE_H
#define TESTS_SUPPORT_CLOSE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* Fails unless |got - want| <= absolute + relative * |want|; NaN always fails. */
#define assert_close(got, want, relative, absolute)                                                                  \
    test_assert_close((got), (want), (relative), (absolute), #got, __FILE__, __LINE__)
void test_assert_close(double got, double want, double relative, double absolute, const char *what, const char *file,
                       int line);

/* A statistic of chance: fails when |estimate - truth| > 4 standard errors. The two-sided false-alarm rate of one
 * such check is 6.3e-5 under a fresh seed; the seeds are fixed, so a pass stays a pass until the streams change. */
#define assert_within_4_se(estimate, truth, standard_error)                                                          \
    test_assert_within_4_se((estimate), (truth), (standard_error), #estimate, __FILE__, __LINE__)
void test_assert_within_4_se(double estimate, double truth, double standard_error, const char *what, const char *file,
                             int line);

/* Path of a file of the shared data (variable GOODWILL_DATA), or NULL: then report "skipped" with exit status 77. */
const char *test_data(const char *relative);

#endif

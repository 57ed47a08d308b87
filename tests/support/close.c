#include "close.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void test_assert_close(double got, double want, double relative, double absolute, const char *what, const char *file,
                       int line)
{
    if (!(fabs(got - want) <= absolute + relative * fabs(want))) {
        print_error("%s = %.17g, wanted %.17g (relative %g, absolute %g)\n", what, got, want, relative, absolute);
        _fail(file, line);
    }
}

void test_assert_within_4_se(double estimate, double truth, double standard_error, const char *what, const char *file,
                             int line)
{
    if (!(fabs(estimate - truth) <= 4.0 * standard_error)) {
        print_error("%s = %.9g, theory %.9g, standard error %.3g: z = %.2f\n", what, estimate, truth, standard_error,
                    (estimate - truth) / standard_error);
        _fail(file, line);
    }
}

const char *test_data(const char *relative)
{
    static char path[4096];
    const char *root = getenv("GOODWILL_DATA");
    if (root == NULL || (size_t)snprintf(path, sizeof path, "%s/%s", root, relative) >= sizeof path ||
        access(path, R_OK) != 0) {
        return NULL;
    }
    return path;
}

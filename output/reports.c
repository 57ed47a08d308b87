#include "output/reports.h"

#include "output/label.h"

#include <string.h>

struct known {
    const char *experiment;
    gw_report_writer *writer;
};

static const struct known known[] = {
    {"frontier", gw_report_of_frontier}, {"optimise", gw_report_of_optimise},       {"sweep", gw_report_of_sweep},
    {"decide", gw_report_of_decide},     {"sensitivity", gw_report_of_sensitivity}, {NULL, NULL},
};

static gw_report_writer *find(const char *experiment)
{
    size_t i = 0;
    while (known[i].experiment != NULL && strcmp(known[i].experiment, experiment) != 0) {
        i++;
    }
    return known[i].writer;
}

static int fill(const struct gw_dataset *dataset, gw_report_writer *writer, struct gw_report *report,
                struct gw_error *error)
{
    const struct gw_plain plain = gw_plain_begin();
    const int ret = writer(dataset, report, error);
    gw_plain_end(plain);
    return ret;
}

int gw_summary_write(const struct gw_dataset *dataset, enum gw_answer_form form, FILE *out, struct gw_error *error)
{
    const char *experiment = gw_dataset_attribute(dataset, "experiment");
    if (experiment == NULL) {
        return gw_answer_write(dataset, form, out, error);
    }
    gw_report_writer *writer = find(experiment);
    if (writer == NULL) {
        return gw_fail(error, GW_BAD_INPUT,
                       "the run file holds an experiment '%.80s' that this version does not know", experiment);
    }
    struct gw_report *report;
    int ret = gw_report_create(&report, gw_dataset_attribute(dataset, "title"), error);
    ret = ret == GW_OK ? fill(dataset, writer, report, error) : ret;
    ret = ret == GW_OK ? gw_report_write(report, form, out, error) : ret;
    gw_report_free(report);
    return ret;
}

#include "experiment/provenance.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <yaml.h>
#include <zlib.h>

const char *gw_version(void)
{
    return GOODWILL_VERSION;
}

/* The "model name" line of /proc/cpuinfo, or "unknown". */
static void name_cpu(char *name, size_t room)
{
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(name, room, "unknown");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            snprintf(name, room, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void name_libraries(char *text, size_t room)
{
    unsigned major = 0, minor = 0, release = 0;
    (void)H5get_libversion(&major, &minor, &release);
    snprintf(text, room, "GSL %s, HDF5 %u.%u.%u, libyaml %s, zlib %s", gsl_version, major, minor, release,
             yaml_get_version_string(), zlibVersion());
}

static void name_time(char *text, size_t room, double seconds_ago)
{
    const time_t then = time(NULL) - (time_t)seconds_ago;
    struct tm utc;
    gmtime_r(&then, &utc);
    strftime(text, room, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

int gw_provenance_add(struct gw_dataset *dataset, enum gw_isa isa, int threads, double seconds,
                      struct gw_error *error)
{
    char cpu[256], libraries[256], started[64], used[32], duration[32];
    name_cpu(cpu, sizeof cpu);
    name_libraries(libraries, sizeof libraries);
    name_time(started, sizeof started, seconds);
    snprintf(used, sizeof used, "%d", threads);
    snprintf(duration, sizeof duration, "%.3f", seconds);
    const struct {
        const char *name, *text;
    } pairs[] = {{"version", gw_version()},
                 {"random_streams", "threefry4x32-20"},
                 {"compiler", __VERSION__},
                 {"flags", GOODWILL_FLAGS},
                 {"cpu", cpu},
                 {"isa", gw_isa_name(isa)},
                 {"threads", used},
                 {"libraries", libraries},
                 {"started", started},
                 {"seconds", duration}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (gw_dataset_add_attribute(dataset, pairs[i].name, pairs[i].text) < 0) {
            return gw_fail(error, GW_REFUSED, "out of memory");
        }
    }
    return GW_OK;
}

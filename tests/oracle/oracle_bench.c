/*
 * Speed of the oracle on one thread, the plain baseline: customer-periods per second of process CPU time.
 *
 *     oracle_bench SCENARIO.yaml [STRATEGY]
 *
 * Lives one replication of one strategy (a number from 0, first by default), warm-up included. Drawing the
 * population's parameters is not part of the periods and is timed on its own.
 */
#include "oracle_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int network_of(struct gw_network **network, const struct gw_scenario *s, struct gw_error *error)
{
    const struct gw_network_spec *spec = &s->network;
    switch (spec->kind) {
    case GW_NETWORK_WATTS_STROGATZ:
        return gw_network_watts_strogatz(network, s->population, spec->degree, spec->rewire, (struct gw_key){0},
                                         error);
    case GW_NETWORK_EDGE_LIST:
        return gw_network_edge_list(network, spec->path, s->population, error);
    default:
        return gw_network_none(network, s->population, error);
    }
}

struct seconds {
    double drawing, living;
};

static int live(struct oracle *o, const struct gw_scenario *s, int strategy, struct seconds *spent,
                struct gw_error *error)
{
    int ret = 0;
    for (uint32_t t = 0; ret == 0 && t < s->warm_up + s->horizon; t++) {
        const int in_force = t < s->warm_up ? -1 : strategy;
        const double begin = cpu_seconds();
        ret = oracle_put_in_force(o, in_force, error);
        const double drawn = cpu_seconds();
        if (ret == 0) {
            ret = oracle_period(o, in_force, error);
        }
        spent->drawing += drawn - begin;
        spent->living += cpu_seconds() - drawn;
    }
    return ret;
}

static int measure(const struct gw_scenario *s, int strategy, struct gw_error *error)
{
    struct gw_network *network = NULL;
    struct oracle *o = NULL;
    int ret = network_of(&network, s, error);
    if (ret != 0) {
        goto out;
    }
    const double begin = cpu_seconds();
    o = oracle_create(s, network, 0, error);
    struct seconds spent = {.drawing = cpu_seconds() - begin};
    ret = o == NULL ? GW_FAILED : live(o, s, strategy, &spent, error);
    if (ret != 0) {
        goto out;
    }
    const double customer_periods = (double)s->population * (s->warm_up + (double)s->horizon);
    printf("%.0f customer-periods, drawing %.3f s, periods %.3f s: %.4g customer-periods per second\n",
           customer_periods, spent.drawing, spent.living, customer_periods / spent.living);
out:
    oracle_free(o);
    gw_network_free(network);
    return ret;
}

int main(int argc, char **argv)
{
    struct gw_error error = {0};
    struct gw_scenario *scenario = NULL;
    if (argc < 2) {
        fprintf(stderr, "usage: oracle_bench SCENARIO.yaml [STRATEGY]\n");
        return GW_BAD_INPUT;
    }
    int ret = gw_scenario_load(&scenario, argv[1], NULL, 0, &error);
    if (ret == 0) {
        ret = measure(scenario, argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0, &error);
    }
    if (ret != 0) {
        fprintf(stderr, "oracle_bench: %s\n", error.text);
    }
    gw_scenario_free(scenario);
    return ret;
}

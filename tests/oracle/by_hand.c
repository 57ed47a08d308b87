#include "by_hand.h"

#include "scenario/catalogue.h"

#include "close.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_FIRMS = 16, STRATEGIES = 2 };

static void *zeroed(size_t n, size_t size)
{
    void *memory = calloc(n, size);
    assert_non_null(memory);
    return memory;
}

static struct gw_values everything_off(void)
{
    const int parameters = gw_catalogue_size();
    struct gw_values values = {zeroed((size_t)parameters, sizeof *values.number)};
    for (int p = 0; p < parameters; p++) {
        const struct gw_parameter *declared = gw_catalogue_entry(p)->parameter;
        values.number[p] = zeroed(MAX_FIRMS, sizeof **values.number);
        for (int k = 0; k < MAX_FIRMS; k++) {
            values.number[p][k].value = isnan(declared->off) ? declared->value : declared->off;
        }
    }
    return values;
}

static void free_values(struct gw_values *values)
{
    for (int p = 0; p < gw_catalogue_size(); p++) {
        free(values->number[p]);
    }
    free(values->number);
}

struct gw_scenario *by_hand(uint32_t population, int firms, uint32_t horizon)
{
    struct gw_scenario *s = zeroed(1, sizeof *s);
    s->period = GW_MONTH;
    s->years = 1.0 / 12.0;
    s->horizon = horizon;
    s->replications = 1;
    s->seed = 20240229;
    s->population = population;
    s->scale = 1.0;
    s->segments = 1;
    s->segment = zeroed(1, sizeof *s->segment);
    s->segment[0].share = 1.0;
    s->firms = firms;
    s->relations = firms;
    s->strategies = STRATEGIES;
    s->strategy = zeroed(STRATEGIES, sizeof *s->strategy);
    s->base = everything_off();
    for (int k = 0; k < STRATEGIES; k++) {
        s->strategy[k].values = everything_off();
    }
    return s;
}

void by_hand_free(struct gw_scenario *s)
{
    free_values(&s->base);
    for (int k = 0; k < STRATEGIES; k++) {
        free_values(&s->strategy[k].values);
    }
    free(s->strategy);
    free(s->segment);
    free(s);
}

struct gw_number *by_hand_number(struct gw_scenario *s, int strategy, const char *area, const char *name, int k)
{
    const int index = gw_catalogue_find(area, name);
    if (index < 0) {
        fail_msg("no parameter %s.%s", area, name);
    }
    return &(strategy < 0 ? &s->base : &s->strategy[strategy].values)->number[index][k];
}

static void set_firms(struct gw_scenario *s, const char *area, const char *name, int first, int end,
                      struct gw_number number)
{
    for (int strategy = -1; strategy < STRATEGIES; strategy++) {
        for (int k = first; k < end; k++) {
            *by_hand_number(s, strategy, area, name, k) = number;
        }
    }
}

void by_hand_set(struct gw_scenario *s, const char *area, const char *name, double value)
{
    set_firms(s, area, name, 0, MAX_FIRMS, (struct gw_number){.value = value, .given = true});
}

void by_hand_vary(struct gw_scenario *s, const char *name, struct gw_distribution distribution)
{
    set_firms(s, "population", name, 0, MAX_FIRMS,
              (struct gw_number){.how = GW_VARY, .given = true, .spread = {.distribution = distribution}});
}

void by_hand_firm(struct gw_scenario *s, int firm, const char *name, double value)
{
    set_firms(s, "firms", name, firm, firm + 1, (struct gw_number){.value = value, .given = true});
}

struct gw_network *by_hand_ring(uint32_t vertices, uint32_t reach)
{
    struct gw_network *network = zeroed(1, sizeof *network);
    const uint32_t degree = 2 * reach;
    network->vertices = vertices;
    network->arcs = (uint64_t)vertices * degree;
    network->offset = zeroed(vertices + (size_t)1, sizeof *network->offset);
    network->neighbour = zeroed(network->arcs + 1, sizeof *network->neighbour);
    network->max_degree = degree;
    for (uint32_t i = 0; i < vertices; i++) {
        uint32_t *to = &network->neighbour[network->offset[i]];
        network->offset[i + 1] = network->offset[i] + degree;
        for (uint32_t j = 0, n = 0; n < degree; j++) { /* ascending */
            const uint32_t apart = i > j ? i - j : j - i;
            const uint32_t distance = apart < vertices - apart ? apart : vertices - apart;
            if (distance > 0 && distance <= reach) {
                to[n++] = j;
            }
        }
    }
    return network;
}

void by_hand_ring_free(struct gw_network *network)
{
    free(network->offset);
    free(network->neighbour);
    free(network);
}

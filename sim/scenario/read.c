/* The top level of a scenario: time, population, firms. */
#include "scenario/reader.h"

#include <math.h>
#include <string.h>

static const char *const top_keys[] = {"goodwill", "title",  "extends",      "period",    "horizon",
                                       "warm_up",  "seed",   "replications", "setting",   "population",
                                       "network",  "market", "firms",        "focal",     "strategies",
                                       "keep",     "lesson", "experiment",   "precision", "variance_reduction",
                                       NULL};

#define DEFAULT_REPLICATIONS 100
#define DEFAULT_SEED 1
#define DEFAULT_WARM_UP_YEARS 2.0

static void read_version(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *node = gw_tree_find(root, "goodwill");
    const struct gw_path path = {NULL, "goodwill", 0};
    char got[100];
    if (node == NULL) {
        gw_note_missing(r, root, NULL, "goodwill", "goodwill: 1 (the version of the format)");
    } else if (node->kind != GW_SCALAR || !node->plain || strcmp(node->text, "1") != 0) {
        gw_problem(r->problems, node->mark, &path, "expected 1, the version of the format this program reads, got %s",
                   gw_node_text(node, got, sizeof got));
    }
}

static void read_title(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *node = gw_tree_find(root, "title");
    const struct gw_path path = {NULL, "title", 0};
    if (node == NULL || !gw_take_text(r, node, &path, &r->scenario->title)) {
        r->scenario->title = r->scenario->name;
    }
}

/* The period first: it gives every other time its meaning. */
static void read_times(struct gw_reader *r, const struct gw_node *root)
{
    struct gw_scenario *s = r->scenario;
    const struct gw_node *period = gw_tree_find(root, "period"), *horizon = gw_tree_find(root, "horizon"),
                         *warm_up = gw_tree_find(root, "warm_up");
    const struct gw_path period_path = {NULL, "period", 0}, horizon_path = {NULL, "horizon", 0},
                         warm_up_path = {NULL, "warm_up", 0};
    int unit = GW_WEEK;
    if (period != NULL) {
        gw_take_word(r, period, &period_path, "day|week|month", &unit);
    }
    s->period = (enum gw_period_unit)unit;
    s->years = gw_period_years(s->period);
    if (horizon == NULL) {
        gw_note_missing(r, root, NULL, "horizon", "horizon: 5 years");
    } else {
        gw_take_duration(r, horizon, &horizon_path, 1, &s->horizon);
    }
    s->warm_up = (uint32_t)(DEFAULT_WARM_UP_YEARS / s->years + 0.5);
    if (warm_up != NULL) {
        gw_take_duration(r, warm_up, &warm_up_path, 0, &s->warm_up);
    }
    if (s->warm_up + s->horizon > GW_MAX_PERIODS) {
        gw_problem(r->problems, horizon != NULL ? horizon->mark : root->mark, &horizon_path,
                   "expected at most %d periods with the warm-up, got %u + %u", GW_MAX_PERIODS, s->warm_up,
                   s->horizon);
    }
}

static void read_sampling(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *replications = gw_tree_find(root, "replications"), *seed = gw_tree_find(root, "seed");
    const struct gw_path replications_path = {NULL, "replications", 0}, seed_path = {NULL, "seed", 0};
    uint64_t n = DEFAULT_REPLICATIONS;
    r->scenario->seed = DEFAULT_SEED;
    if (replications != NULL) {
        gw_take_integer(r, replications, &replications_path, 1, GW_MOST_REPLICATIONS, &n);
    }
    if (seed != NULL) {
        gw_take_integer(r, seed, &seed_path, 0, UINT64_MAX, &r->scenario->seed);
    }
    r->scenario->replications = (uint32_t)n;
}

static void read_setting(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *setting = gw_tree_find(root, "setting");
    const struct gw_path setting_path = {NULL, "setting", 0};
    int position = 0;
    if (setting != NULL) {
        gw_take_word(r, setting, &setting_path, "non_contractual|contractual", &position);
    }
    r->scenario->contractual = position == 1;
}

static void read_keep(struct gw_reader *r, const struct gw_node *root)
{
    static const char *const keys[] = {"firms", "segments", NULL};
    bool *const flag[] = {&r->scenario->keep_firms, &r->scenario->keep_segments};
    const struct gw_node *keep = gw_tree_find(root, "keep");
    const struct gw_path path = {NULL, "keep", 0};
    if (keep == NULL || !gw_take_mapping(r, keep, &path, "a mapping such as {firms: true}") ||
        !gw_take_keys(r, keep, &path, keys)) {
        return;
    }
    for (int k = 0; keys[k] != NULL; k++) {
        const struct gw_path key_path = {&path, keys[k], 0};
        if (gw_tree_find(keep, keys[k]) != NULL) {
            gw_take_flag(r, gw_tree_find(keep, keys[k]), &key_path, flag[k]);
        }
    }
}

/* A single segment may leave its share out; several need one each, and they sum to 1. */
static void read_share(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, int segments,
                       double *share)
{
    const struct gw_node *written = gw_tree_find(node, "share");
    const struct gw_path path = {up, "share", 0};
    if (written == NULL) {
        *share = segments == 1 ? 1.0 : 0.0;
        if (segments > 1) {
            gw_note_missing(r, node, up, "share", "share: 0.5");
        }
    } else if (gw_take_real(r, written, &path, share) && !(*share > 0.0 && *share <= 1.0)) {
        gw_problem(r->problems, written->mark, &path, "expected a share above 0 and at most 1, got %s",
                   written->text);
    }
}

static void read_segment_names(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    struct gw_scenario *s = r->scenario;
    double sum = 0.0;
    const int before = r->problems->errors;
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        struct gw_segment *segment = &s->segment[s->segments];
        const struct gw_path here = {path, m->key, 0};
        if (gw_take_name(r, m, path, &segment->name) &&
            gw_take_mapping(r, m->value, &here, "a mapping of parameters")) {
            read_share(r, m->value, &here, node->members, &segment->share);
            sum += segment->share;
            s->segments++;
        }
    }
    if (r->problems->errors == before && !(fabs(sum - 1.0) <= 1e-9)) {
        gw_problem(r->problems, node->mark, path, "expected shares that sum to 1, got %.10g", sum);
    }
}

static int read_segments(struct gw_reader *r, const struct gw_node *population)
{
    struct gw_scenario *s = r->scenario;
    const struct gw_node *node = gw_tree_find(population, "segments");
    const struct gw_path up = {NULL, "population", 0}, path = {&up, "segments", 0};
    s->segment = gw_arena_alloc(r->kept, GW_MAX_SEGMENTS, sizeof *s->segment);
    if (s->segment == NULL) {
        return GW_FAILED;
    }
    if (node == NULL) {
        s->segment[0] = (struct gw_segment){gw_arena_text(r->kept, "all", 3), 1.0};
        s->segments = 1;
    } else if (gw_take_mapping(r, node, &path, "a mapping of segments")) {
        if (node->members < 1 || node->members > GW_MAX_SEGMENTS) {
            gw_problem(r->problems, node->mark, &path, "expected 1 to %d segments, got %d", GW_MAX_SEGMENTS,
                       node->members);
            return GW_OK;
        }
        read_segment_names(r, node, &path);
    }
    return r->kept->failed ? GW_FAILED : GW_OK;
}

/* How many consumers stand for all of the population; more than there are may, too. People with names of their own
 * cannot be sampled. */
static void read_sample(struct gw_reader *r, const struct gw_node *population, const struct gw_path *up)
{
    struct gw_scenario *s = r->scenario;
    const struct gw_node *sample = gw_tree_find(population, "sample");
    const struct gw_path path = {up, "sample", 0};
    uint64_t consumers = 0;
    if (sample == NULL || !gw_take_integer(r, sample, &path, 1, GW_MAX_CONSUMERS, &consumers)) {
        return;
    }
    s->sample = (uint32_t)consumers;
    if (gw_network_brings_people(&s->network)) {
        gw_problem(r->problems, sample->mark, &path, "the people of a network from a file cannot be sampled");
    }
}

/* After the network, which may bring its own number of consumers. */
static int read_population(struct gw_reader *r, const struct gw_node *root)
{
    struct gw_scenario *s = r->scenario;
    const struct gw_node *population = gw_tree_find(root, "population"), *size = gw_tree_find(population, "size");
    const struct gw_path path = {NULL, "population", 0}, size_path = {&path, "size", 0};
    uint64_t consumers = 0;
    s->scale = 1.0;
    if (size != NULL) {
        s->population_given = gw_take_integer(r, size, &size_path, 1, GW_MAX_CONSUMERS, &consumers);
        s->population = s->population_given ? (uint32_t)consumers : 0;
    } else if (!gw_network_brings_people(&s->network) && (population == NULL || population->kind == GW_MAPPING)) {
        gw_note_missing(r, population != NULL ? population : root, population != NULL ? &path : NULL,
                        population != NULL ? "size" : "population",
                        population != NULL ? "size: 20000" : "population: {size: 20000}");
    }
    if (s->population_given) {
        read_sample(r, population, &path);
        gw_check_network_size(r, size, &size_path);
    }
    return read_segments(r, population);
}

/* After the firms: nobody considers more than there are. */
static void read_relations(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_path path = {NULL, "population", 0}, here = {&path, "relations", 0};
    const struct gw_node *node = gw_tree_find(gw_tree_find(root, "population"), "relations");
    uint64_t relations = GW_DEFAULT_RELATIONS;
    if (node != NULL && !gw_take_integer(r, node, &here, 1, GW_MAX_RELATIONS, &relations)) {
        return;
    }
    r->scenario->relations = relations < (uint64_t)r->scenario->firms ? (int)relations : r->scenario->firms;
}

int gw_read_scenario(struct gw_reader *r, struct gw_arena *scratch, struct gw_node *root)
{
    int ret;
    gw_take_keys(r, root, NULL, top_keys);
    read_version(r, root);
    read_title(r, root);
    read_times(r, root);
    read_sampling(r, root);
    gw_read_precision(r, root);
    gw_read_reduction(r, root);
    read_setting(r, root);
    read_keep(r, root);
    gw_read_network(r, root);
    if ((ret = read_population(r, root)) != GW_OK || (ret = gw_read_firms(r, root)) != GW_OK) {
        return ret;
    }
    read_relations(r, root);
    gw_read_focal(r, root);
    ret = gw_read_values(r, root, NULL, &r->scenario->base);
    ret = ret == GW_OK ? gw_read_strategies(r, scratch, root) : ret;
    if (ret == GW_OK) {
        gw_read_lesson(r, root);
        gw_read_experiment(r, root);
    }
    return ret;
}

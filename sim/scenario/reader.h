/*
 * What the walkers of the tree share. They note what is wrong and go on, so that all of it is told at once; the
 * scenario is whole only when no problem was noted.
 *
 * A take function reads one node. It returns true and fills its result, or notes a problem and returns false.
 */
#ifndef GW_SCENARIO_READER_H
#define GW_SCENARIO_READER_H

#include "core/descriptor.h"
#include "scenario/catalogue.h"
#include "scenario/explain.h"
#include "scenario/scenario.h"
#include "scenario/tree.h"

#define GW_MOST_REPLICATIONS 1000000
#define GW_MAX_CONSUMERS 1000000000
#define GW_MAX_SEGMENTS 64
#define GW_DEFAULT_RELATIONS 3
#define GW_MAX_STRATEGIES 100
#define GW_NAME_BYTES 48

struct gw_reader {
    struct gw_problems *problems;
    struct gw_arena *kept; /* holds what the scenario keeps */
    struct gw_scenario *scenario;
};

/* ---- scalars.c ---- */

/* Reads decimal text as a number: the whole of it, no hexadecimal, leading zeros, separators, NaN or infinity. */
bool gw_parse_real(const char *text, double *value);

bool gw_take_real(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, double *value);
bool gw_take_integer(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, uint64_t low,
                     uint64_t high, uint64_t *value);
bool gw_take_flag(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool *value);

/* One of the words "a|b|c": its position. */
bool gw_take_word(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *words,
                  int *position);
bool gw_take_text(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, char **text);
/* The text of a key that may be left out; then `text` stays. */
void gw_take_optional_text(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                           char **text);

/* Notes an unknown key of a mapping unless it is among `known` (NULL-terminated); false when there was one. */
bool gw_take_keys(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                  const char *const *known);
bool gw_take_mapping(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *holds);

/* Notes that a key is missing from a mapping, with an example of it. */
void gw_note_missing(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *key,
                     const char *example);

/* Names of firms, segments and strategies: letters of any script, digits, _ and -, at most GW_NAME_BYTES. */
bool gw_take_name(struct gw_reader *r, const struct gw_member *member, const struct gw_path *path, char **name);

/* ---- times.c ---- */

double gw_period_years(enum gw_period_unit period);

/* "5 years", "26 weeks", or a bare number of periods. */
bool gw_take_duration(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, uint32_t low,
                      uint32_t *periods);

/* A moment: "week 8" is when 8 weeks have passed, as is "8 weeks"; or a bare number of periods. */
bool gw_take_moment(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, uint32_t *periods);

/* ---- distributions.c ---- */

/* {FAMILY: {number: ...}}; with `nested`, its numbers may be {uncertain: {FAMILY: ...}}. */
bool gw_take_spread(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool nested,
                    struct gw_spread *spread);

/* Where values of a distribution lie, ends included except that a positive distribution has low > 0. */
struct gw_support {
    double low, high;
};
struct gw_support gw_distribution_support(struct gw_distribution distribution);

/* ---- numbers.c, schedules.c ---- */

/* A parameter's number in any of its forms. `number` keeps its old content when the node is wrong. */
bool gw_take_number(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                    const struct gw_parameter *parameter, struct gw_number *number);

/* A literal of the parameter's kind, inside its domain; warns outside the plausible range. */
bool gw_take_literal(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                     const struct gw_parameter *parameter, double *value);

/* `number_node` is the mapping {schedule: ...}; what it replaced gives the start value. */
bool gw_take_schedule(struct gw_reader *r, const struct gw_node *number_node, const struct gw_path *path,
                      const struct gw_parameter *parameter, struct gw_schedule *schedule);

/* ---- firms.c ---- */

/* Names and groups. GW_OK also when problems were noted. */
int gw_read_firms(struct gw_reader *r, const struct gw_node *root);
void gw_read_focal(struct gw_reader *r, const struct gw_node *root);

/* The firms meant by a name, first ... last: one firm, or all copies of a group. */
bool gw_find_firms(const struct gw_scenario *scenario, const char *name, int *first, int *last);
/* The group to which a firm of this name would belong: `local` for "local_7" where local has copies. NULL: none. */
const struct gw_member *gw_firm_group_of(const struct gw_node *firms, const char *name);
void gw_guess_firm(struct gw_guess *guess, const struct gw_scenario *scenario);

/* ---- values.c ---- */

/* Defaults, then the numbers written in the tree's population, firms and market. GW_FAILED: out of memory. */
int gw_read_values(struct gw_reader *r, const struct gw_node *root, const struct gw_path *path,
                   struct gw_values *values);
int gw_values_count(const struct gw_scenario *scenario, enum gw_scope scope);

/* ---- network.c, degrees.c ---- */

void gw_read_network(struct gw_reader *r, const struct gw_node *root);

/* Whether the network's file says how many consumers there are. */
bool gw_network_brings_people(const struct gw_network_spec *network);

/* Notes a stated number of consumers that is too small for the network. */
void gw_check_network_size(struct gw_reader *r, const struct gw_node *size, const struct gw_path *path);

/* Reads a file of degrees, one a line, # comments, into `law`: the people are its lines in their order. False: `why`
 * says in at most `room` bytes what is wrong with the file, and where. */
bool gw_degrees_read(struct gw_degree_law *law, struct gw_arena *arena, const char *file, char *why, size_t room);

/* ---- strategies.c ---- */

int gw_read_strategies(struct gw_reader *r, struct gw_arena *scratch, struct gw_node *root);

/* ---- precision.c ---- */

/* After the number of replications, of which it is the master. */
void gw_read_precision(struct gw_reader *r, const struct gw_node *root);

/* ---- reduction.c ---- */

/* After replications and precision, which must suit it. */
void gw_read_reduction(struct gw_reader *r, const struct gw_node *root);

/* ---- lesson.c ---- */

void gw_read_lesson(struct gw_reader *r, const struct gw_node *root);

/* ---- inputs.c, after the strategies ---- */

bool gw_take_input(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                   struct gw_input *input);
bool gw_take_inputs(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                    struct gw_inputs *inputs);

/* ---- experiment.c ---- */

void gw_read_experiment(struct gw_reader *r, const struct gw_node *root);

/* ---- read.c ---- */

/* The whole tree. GW_OK also when problems were noted. */
int gw_read_scenario(struct gw_reader *r, struct gw_arena *scratch, struct gw_node *root);

/* ---- resolved.c ---- */

/* Canonical YAML of a scenario: reads back as the same scenario. GW_FAILED: out of memory. */
int gw_write_resolved(struct gw_scenario *scenario, struct gw_arena *arena);

#endif

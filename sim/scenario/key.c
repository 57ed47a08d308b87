#include "scenario/key.h"

#include "scenario/catalogue.h"
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

/* Takes the first part of a dotted key into `part`; what follows its dot, or "". */
static const char *first_part(const char *key, char *part, size_t room)
{
    const size_t length = strcspn(key, ".");
    (void)snprintf(part, room, "%.*s", (int)length, key);
    return key[length] == '.' ? key + length + 1 : key + length;
}

/* The parameter whose name the text begins with, the longest of them. */
static bool find_parameter(const char *area, const char *text, struct gw_key_meaning *meaning)
{
    size_t longest = 0;
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        const size_t length = strlen(p->name);
        if (length > longest && strcmp(gw_scope_area(p->scope), area) == 0 && strncmp(p->name, text, length) == 0 &&
            (text[length] == '\0' || text[length] == '.')) {
            longest = length;
            meaning->parameter = i;
            meaning->rest = text + length;
        }
    }
    return longest > 0;
}

static bool find_segment(const struct gw_scenario *scenario, const char *name, struct gw_key_meaning *meaning)
{
    for (int s = 0; s < scenario->segments; s++) {
        if (strcmp(scenario->segment[s].name, name) == 0) {
            meaning->first = meaning->last = s;
            return true;
        }
    }
    return false;
}

static bool find_strategy(const struct gw_scenario *scenario, const char *name, struct gw_key_meaning *meaning)
{
    for (int s = 0; s < scenario->strategies; s++) {
        if (strcmp(scenario->strategy[s].name, name) == 0) {
            meaning->strategy = s;
            return true;
        }
    }
    return false;
}

bool gw_key_understand(const struct gw_scenario *scenario, const char *key, struct gw_key_meaning *meaning)
{
    char area[GW_KEY_BYTES], name[GW_KEY_BYTES];
    *meaning = (struct gw_key_meaning){.strategy = -1, .parameter = -1};
    const char *rest = first_part(key, area, sizeof area);
    if (strcmp(area, "strategies") == 0) {
        rest = first_part(rest, name, sizeof name);
        if (!find_strategy(scenario, name, meaning)) {
            return false;
        }
        rest = first_part(rest, area, sizeof area);
    }
    if (strcmp(area, "firms") == 0) {
        rest = first_part(rest, name, sizeof name);
        if (!gw_find_firms(scenario, name, &meaning->first, &meaning->last)) {
            return false;
        }
    } else if (strcmp(area, "population") == 0) {
        meaning->last = scenario->segments - 1;
        if (strncmp(rest, "segments.", 9) == 0) {
            rest = first_part(rest + 9, name, sizeof name);
            if (!find_segment(scenario, name, meaning)) {
                return false;
            }
        }
    } else if (strcmp(area, "market") != 0) {
        return false;
    }
    return find_parameter(area, rest, meaning);
}

bool gw_key_write(const struct gw_scenario *scenario, int strategy, int parameter, int cell, char *out, size_t room)
{
    const struct gw_parameter *p = gw_catalogue_entry(parameter)->parameter;
    const char *before = strategy < 0 ? "" : "strategies.", *dot = strategy < 0 ? "" : ".";
    const char *name = strategy < 0 ? "" : scenario->strategy[strategy].name;
    int length = 0;
    switch (p->scope) {
    case GW_CONSUMER:
        length = scenario->segments == 1 ? snprintf(out, room, "%s%s%spopulation.%s", before, name, dot, p->name)
                                         : snprintf(out, room, "%s%s%spopulation.segments.%s.%s", before, name, dot,
                                                    scenario->segment[cell].name, p->name);
        break;
    case GW_FIRM:
    case GW_LEVER:
        length = snprintf(out, room, "%s%s%sfirms.%s.%s", before, name, dot, scenario->firm[cell], p->name);
        break;
    case GW_MARKET:
        length = snprintf(out, room, "%s%s%smarket.%s", before, name, dot, p->name);
        break;
    }
    return length > 0 && (size_t)length < room;
}

/* The firms of a scenario: their names, and groups of copies. `local: {copies: 300, ...}` stands for the firms
 * local_1 to local_300; what is written of `local` holds for all of them, what is written of `local_7` for that one.
 */
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

const struct gw_member *gw_firm_group_of(const struct gw_node *firms, const char *name)
{
    const char *number = strrchr(name, '_');
    for (const struct gw_member *m = number != NULL ? firms->first : NULL; m != NULL; m = m->next) {
        const size_t length = strlen(m->key);
        if (length == (size_t)(number - name) && strncmp(m->key, name, length) == 0 &&
            gw_tree_member(m->value, "copies") != NULL) {
            return m;
        }
    }
    return NULL;
}

/* Room for one more firm; what goes beyond the limit is counted, not kept. */
static char **next_firm(struct gw_scenario *s)
{
    return s->firms < GW_MAX_FIRMS ? &s->firm[s->firms] : NULL;
}

static void add_copies(struct gw_reader *r, const char *name, int copies)
{
    struct gw_scenario *s = r->scenario;
    for (int k = 1; k <= copies; k++, s->firms++) {
        char **firm = next_firm(s), text[GW_NAME_BYTES + 1];
        const int length = snprintf(text, sizeof text, "%s_%d", name, k);
        if (firm != NULL) {
            *firm = gw_arena_text(r->kept, text, (size_t)length);
        }
    }
}

static void read_group(struct gw_reader *r, const struct gw_member *m, const struct gw_path *up)
{
    struct gw_scenario *s = r->scenario;
    struct gw_firm_group *group = &s->group[s->groups];
    const struct gw_node *written = gw_tree_find(m->value, "copies");
    const struct gw_path path = {up, m->key, 0}, copies_path = {&path, "copies", 0};
    uint64_t copies = 0;
    if (!gw_take_name(r, m, up, &group->name) ||
        !gw_take_integer(r, written, &copies_path, 1, GW_MAX_FIRMS, &copies)) {
        return;
    }
    if (snprintf(NULL, 0, "%s_%d", m->key, (int)copies) > GW_NAME_BYTES) {
        gw_problem(r->problems, m->mark, &path, "expected a name that with the number of a copy has at most %d bytes",
                   GW_NAME_BYTES);
        return;
    }
    group->first = s->firms;
    group->firms = (int)copies;
    s->groups += s->firms < GW_MAX_FIRMS;
    add_copies(r, m->key, (int)copies);
}

static void read_firm(struct gw_reader *r, const struct gw_member *m, const struct gw_path *up)
{
    char *name = NULL, **firm = next_firm(r->scenario);
    if (gw_take_name(r, m, up, &name)) {
        if (firm != NULL) {
            *firm = name;
        }
        r->scenario->firms++;
    }
}

/* What is written of one copy: it must be there, and cannot be a group itself. */
static void check_copy(struct gw_reader *r, const struct gw_member *m, const struct gw_member *group,
                       const struct gw_path *up)
{
    const struct gw_path path = {up, m->key, 0};
    const struct gw_member *copies = gw_tree_member(m->value, "copies");
    int first, last;
    if (copies != NULL) {
        const struct gw_path here = {&path, copies->key, 0};
        gw_problem(r->problems, copies->mark, &here, "a copy of '%s' cannot have copies", group->key);
    }
    if (gw_find_firms(r->scenario, group->key, &first, &last) && !gw_find_firms(r->scenario, m->key, &first, &last)) {
        gw_problem(r->problems, m->mark, &path, "expected a name from %s_1 to %s_%d: '%s' has copies", group->key,
                   group->key, last - first + 1, group->key);
    }
}

static void read_names(struct gw_reader *r, const struct gw_node *firms, const struct gw_path *path)
{
    for (const struct gw_member *m = firms->first; m != NULL; m = m->next) {
        if (gw_firm_group_of(firms, m->key) != NULL) {
            continue;
        }
        if (gw_tree_member(m->value, "copies") != NULL) {
            read_group(r, m, path);
        } else {
            read_firm(r, m, path);
        }
    }
}

static void check_copies(struct gw_reader *r, const struct gw_node *firms, const struct gw_path *path)
{
    for (const struct gw_member *m = firms->first; m != NULL; m = m->next) {
        const struct gw_member *group = gw_firm_group_of(firms, m->key);
        if (group != NULL) {
            check_copy(r, m, group, path);
        }
    }
}

int gw_read_firms(struct gw_reader *r, const struct gw_node *root)
{
    struct gw_scenario *s = r->scenario;
    const struct gw_node *firms = gw_tree_find(root, "firms");
    const struct gw_path path = {NULL, "firms", 0};
    s->firm = gw_arena_alloc(r->kept, GW_MAX_FIRMS, sizeof *s->firm);
    s->group = gw_arena_alloc(r->kept, GW_MAX_FIRMS + 1, sizeof *s->group); /* one is scratch of read_group() */
    if (s->firm == NULL || s->group == NULL) {
        return GW_FAILED;
    }
    if (firms == NULL) {
        gw_note_missing(r, root, NULL, "firms", "firms: {us: {}}");
        return GW_OK;
    }
    if (firms->kind != GW_MAPPING) {
        return GW_OK; /* told when the values are read */
    }
    const int before = r->problems->errors;
    read_names(r, firms, &path);
    if (s->firms > GW_MAX_FIRMS || (s->firms < 1 && r->problems->errors == before)) {
        gw_problem(r->problems, firms->mark, &path, "expected 1 to %d firms, got %d", GW_MAX_FIRMS, s->firms);
        s->firms = s->groups = 0;
        return GW_OK;
    }
    check_copies(r, firms, &path);
    return r->kept->failed ? GW_FAILED : GW_OK;
}

bool gw_find_firms(const struct gw_scenario *s, const char *name, int *first, int *last)
{
    for (int g = 0; g < s->groups; g++) {
        if (strcmp(s->group[g].name, name) == 0) {
            *first = s->group[g].first;
            *last = *first + s->group[g].firms - 1;
            return true;
        }
    }
    for (int f = 0; f < s->firms; f++) {
        if (strcmp(s->firm[f], name) == 0) {
            *first = *last = f;
            return true;
        }
    }
    return false;
}

void gw_guess_firm(struct gw_guess *guess, const struct gw_scenario *s)
{
    for (int f = 0; f < s->firms; f++) {
        gw_guess_try(guess, s->firm[f]);
    }
    for (int g = 0; g < s->groups; g++) {
        gw_guess_try(guess, s->group[g].name);
    }
}

void gw_read_focal(struct gw_reader *r, const struct gw_node *root)
{
    struct gw_scenario *s = r->scenario;
    const struct gw_node *focal = gw_tree_find(root, "focal");
    const struct gw_path path = {NULL, "focal", 0};
    char got[100], hint[100];
    if (focal == NULL || s->firms == 0) {
        return;
    }
    struct gw_guess guess = gw_guess_begin(r->problems, focal->kind == GW_SCALAR ? focal->text : "");
    for (int f = 0; f < s->firms; f++) {
        if (strcmp(s->firm[f], guess.word) == 0) {
            s->focal = f;
            return;
        }
        gw_guess_try(&guess, s->firm[f]);
    }
    gw_problem(r->problems, focal->mark, &path, "expected the name of a firm, got %s%s",
               gw_node_text(focal, got, sizeof got), gw_guess_text(&guess, hint, sizeof hint));
}

#include "output/observed.h"

#include "output/label.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096, FIELDS = 256, ID = 44, MOST_DAYS = 36525, MOST_YEARS = 1000 };

/* ---- Lines and fields -------------------------------------------------------------------------------------- */

struct lines {
    const char *path;
    FILE *file;
    long number; /* of the line last read, from 1 */
    char text[LINE];
    char *field[FIELDS];
    int fields;
    struct gw_error *error;
};

static int bad(struct lines *l, const char *what, const char *got)
{
    char shown[128];
    (void)gw_show_text(shown, sizeof shown, got, 30);
    return gw_fail(l->error, GW_BAD_INPUT, "%s:%ld: expected %s, got '%s'", l->path, l->number, what, shown);
}

static int split(struct lines *l)
{
    char *rest = l->text;
    l->fields = 0;
    if (strchr(l->text, '"') != NULL) {
        return bad(l, "fields without quotes", l->text);
    }
    for (char *field = strsep(&rest, ","); field != NULL; field = strsep(&rest, ",")) {
        if (l->fields == FIELDS) {
            return gw_fail(l->error, GW_BAD_INPUT, "%s:%ld: more than %d fields", l->path, l->number, FIELDS);
        }
        l->field[l->fields++] = field;
    }
    return GW_OK;
}

/* The next line in fields; `end` when there is none. */
static int next(struct lines *l, bool *end)
{
    *end = fgets(l->text, LINE, l->file) == NULL;
    if (*end) {
        return ferror(l->file) ? gw_fail(l->error, GW_IO, "%s: cannot read: %s", l->path, strerror(errno)) : GW_OK;
    }
    l->number++;
    const size_t length = strcspn(l->text, "\n");
    if (l->text[length] != '\n' && !feof(l->file)) {
        return gw_fail(l->error, GW_BAD_INPUT, "%s:%ld: a line of more than %d bytes, or not text", l->path,
                       l->number, LINE - 2);
    }
    l->text[length] = '\0';
    if (length > 0 && l->text[length - 1] == '\r') {
        l->text[length - 1] = '\0';
    }
    return split(l);
}

/* As next(), for a row below the header. */
static int next_row(struct lines *l, int fields, bool *end)
{
    char what[64];
    const int ret = next(l, end);
    if (ret == GW_OK && !*end && l->fields != fields) {
        (void)snprintf(what, sizeof what, "%d fields as in the header", fields);
        return bad(l, what, l->fields == 1 && l->field[0][0] == '\0' ? "an empty line" : l->field[0]);
    }
    return ret;
}

static bool whole(const char *text, int digits, int *value)
{
    *value = 0;
    for (int i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)text[i])) {
            return false;
        }
        *value = 10 * *value + (text[i] - '0');
    }
    return true;
}

/* Room for one more of `n` elements, in steps that double. NULL: out of memory, the old array stays. */
static void *room_for(void *array, size_t n, size_t size)
{
    const bool full = (n & (n - 1)) == 0; /* 0, 1, 2, 4, 8 ... */
    return full ? reallocarray(array, n == 0 ? 1 : 2 * n, size) : array;
}

static int out_of_memory(struct lines *l)
{
    return gw_fail(l->error, GW_REFUSED, "%s: out of memory", l->path);
}

/* ---- Purchases --------------------------------------------------------------------------------------------- */

struct purchase {
    char id[ID];
    int32_t day; /* since 1970-01-01 */
};

struct log {
    struct purchase *purchase;
    size_t n;
};

/* Days since 1970-01-01. Counting years from March puts the leap day last; 146097 days are 400 years (Richards 2013,
 * Explanatory Supplement to the Astronomical Almanac, 3rd edition, chapter 15). */
static int32_t day_of(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static bool parse_date(const char *text, int32_t *day)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y, m, d;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !whole(text, 4, &y) || !whole(text + 5, 2, &m) ||
        !whole(text + 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1) {
        return false;
    }
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    *day = day_of(y, m, d);
    return d <= length[m - 1] + (m == 2 && leap);
}

static int take_purchase(struct lines *l, struct log *log)
{
    struct purchase p = {{0}, 0};
    const size_t length = strlen(l->field[0]);
    if (length == 0 || length >= ID) {
        return bad(l, "a customer of 1 to 43 characters", l->field[0]);
    }
    if (!parse_date(l->field[1], &p.day)) {
        return bad(l, "a date such as 1997-01-31", l->field[1]);
    }
    memcpy(p.id, l->field[0], length);
    struct purchase *grown = room_for(log->purchase, log->n, sizeof *grown);
    if (grown == NULL) {
        return out_of_memory(l);
    }
    log->purchase = grown;
    log->purchase[log->n++] = p;
    return GW_OK;
}

static int by_customer_and_day(const void *a, const void *b)
{
    const struct purchase *p = a, *q = b;
    const int order = memcmp(p->id, q->id, ID);
    return order != 0 ? order : (p->day > q->day) - (p->day < q->day);
}

static void count(struct gw_observed *o, const struct log *log, int32_t origin)
{
    for (size_t i = 0; i < log->n; i++) {
        const struct purchase *p = &log->purchase[i];
        const bool same = i > 0 && memcmp(p->id, p[-1].id, ID) == 0;
        if (!same) {
            o->entries[p->day - origin]++;
            o->customers++;
        } else if (p->day != p[-1].day) {
            o->repeats[p->day - origin]++;
        }
    }
}

static int digest(struct lines *l, struct gw_observed *o, struct log *log)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    if (log->n == 0) {
        return gw_fail(l->error, GW_BAD_INPUT, "%s: a header and no purchases", l->path);
    }
    qsort(log->purchase, log->n, sizeof *log->purchase, by_customer_and_day);
    for (size_t i = 0; i < log->n; i++) {
        first = log->purchase[i].day < first ? log->purchase[i].day : first;
        last = log->purchase[i].day > last ? log->purchase[i].day : last;
    }
    if (last - first > MOST_DAYS) {
        return gw_fail(l->error, GW_BAD_INPUT, "%s: purchases over more than a hundred years; is a date wrong?",
                       l->path);
    }
    o->days = last - first;
    o->entries = calloc((size_t)o->days + 1, sizeof *o->entries);
    o->repeats = calloc((size_t)o->days + 1, sizeof *o->repeats);
    if (o->entries == NULL || o->repeats == NULL) {
        return out_of_memory(l);
    }
    count(o, log, first);
    return GW_OK;
}

static int read_purchases(struct lines *l, struct gw_observed *o)
{
    struct log log = {NULL, 0};
    const int fields = l->fields;
    bool end = false;
    int ret = GW_OK;
    o->kind = GW_OBSERVED_PURCHASES;
    while (ret == GW_OK) {
        ret = next_row(l, fields, &end);
        if (end) {
            break;
        }
        ret = ret == GW_OK ? take_purchase(l, &log) : ret;
    }
    ret = ret == GW_OK ? digest(l, o, &log) : ret;
    free(log.purchase);
    return ret;
}

/* ---- Survival ---------------------------------------------------------------------------------------------- */

static int take_names(struct lines *l, struct gw_observed *o)
{
    if (l->fields < 2 || l->fields > 1 + GW_OBSERVED_COLUMNS) {
        return bad(l, "'year' and 1 to 4 names", l->text);
    }
    o->columns = (size_t)l->fields - 1;
    o->name = calloc(o->columns, sizeof *o->name);
    if (o->name == NULL) {
        return out_of_memory(l);
    }
    for (size_t c = 0; c < o->columns; c++) {
        const char *name = l->field[c + 1];
        const size_t length = strlen(name);
        if (length == 0 || length >= GW_OBSERVED_NAME) {
            return bad(l, "a name of 1 to 63 characters", name);
        }
        memcpy(o->name[c], name, length + 1);
    }
    return GW_OK;
}

static bool parse_percent(const char *text, double *value)
{
    char *end;
    const struct gw_plain plain = gw_plain_begin();
    *value = strtod(text, &end);
    gw_plain_end(plain);
    return *text != '\0' && strspn(text, "0123456789.") == strlen(text) && *end == '\0' && *value <= 100.0;
}

/* A row is checked against the one before it: years ascend, survivors do not. */
static int take_survivors(struct lines *l, struct gw_observed *o)
{
    const size_t row = o->rows, digits = strlen(l->field[0]);
    int year = 0;
    if (digits == 0 || digits > 4 || !whole(l->field[0], (int)digits, &year) || year > MOST_YEARS ||
        (row > 0 && year <= o->year[row - 1])) {
        return bad(l, "a year after the one before", l->field[0]);
    }
    int32_t *years = room_for(o->year, row, sizeof *years);
    o->year = years != NULL ? years : o->year;
    double *share = room_for(o->share, row, o->columns * sizeof *share);
    o->share = share != NULL ? share : o->share;
    if (years == NULL || share == NULL) {
        return out_of_memory(l);
    }
    o->year[row] = year;
    for (size_t c = 0; c < o->columns; c++) {
        double *here = &o->share[row * o->columns + c];
        double percent;
        if (!parse_percent(l->field[c + 1], &percent)) {
            return bad(l, "a percentage from 0 to 100", l->field[c + 1]);
        }
        *here = percent / 100.0;
        if ((row > 0 && *here > here[-(ptrdiff_t)o->columns]) || (year == 0 && *here < 1.0)) {
            return bad(l, year == 0 ? "100 in year 0" : "no more survivors than in the year before", l->field[c + 1]);
        }
    }
    o->rows++;
    return GW_OK;
}

static int read_survival(struct lines *l, struct gw_observed *o)
{
    const int fields = l->fields;
    bool end = false;
    int ret = take_names(l, o);
    o->kind = GW_OBSERVED_SURVIVAL;
    while (ret == GW_OK) {
        ret = next_row(l, fields, &end);
        if (end) {
            break;
        }
        ret = ret == GW_OK ? take_survivors(l, o) : ret;
    }
    if (ret == GW_OK && o->rows == 0) {
        return gw_fail(l->error, GW_BAD_INPUT, "%s: a header and no years", l->path);
    }
    return ret;
}

/* ---- The file ---------------------------------------------------------------------------------------------- */

/* The header tells what the file is. */
static int read_all(struct lines *l, struct gw_observed *o)
{
    bool end;
    const int ret = next(l, &end);
    if (ret != GW_OK) {
        return ret;
    }
    if (end) {
        return gw_fail(l->error, GW_BAD_INPUT, "%s: the file is empty", l->path);
    }
    if (l->fields >= 2 && strcmp(l->field[0], "customer_id") == 0 && strcmp(l->field[1], "date") == 0) {
        return read_purchases(l, o);
    }
    if (strcmp(l->field[0], "year") == 0) {
        return read_survival(l, o);
    }
    return bad(l, "a header 'customer_id,date,...' or 'year,NAME,...'", l->field[0]);
}

int gw_observed_read(struct gw_observed **observed, const char *path, struct gw_error *error)
{
    struct lines *l = calloc(1, sizeof *l);
    struct gw_observed *o = calloc(1, sizeof *o);
    int ret = GW_REFUSED;
    *observed = NULL;
    if (l == NULL || o == NULL) {
        gw_fail(error, GW_REFUSED, "%s: out of memory", path);
        goto out;
    }
    l->path = path;
    l->error = error;
    l->file = fopen(path, "re");
    if (l->file == NULL) {
        ret = gw_fail(error, GW_IO, "%s: cannot open: %s", path, strerror(errno));
        goto out;
    }
    ret = read_all(l, o);
    (void)fclose(l->file);
    if (ret == GW_OK) {
        *observed = o;
        o = NULL;
    }
out:
    gw_observed_free(o);
    free(l);
    return ret;
}

void gw_observed_free(struct gw_observed *observed)
{
    if (observed != NULL) {
        free(observed->entries);
        free(observed->repeats);
        free(observed->name);
        free(observed->year);
        free(observed->share);
        free(observed);
    }
}

#include "purchases.h"

#include <stdio.h>
#include <stdlib.h>

/* Counting years from March puts the leap day last; 146097 days are 400 years (Richards 2013, Explanatory
 * Supplement to the Astronomical Almanac, 3rd edition, chapter 15). */
int law_day(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

long law_purchases_read(const char *path, struct law_purchase **purchases)
{
    char line[256];
    long n = 0, room = 0;
    FILE *file = fopen(path, "re");
    *purchases = NULL;
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        n = -1;
    }
    while (n >= 0 && fgets(line, sizeof line, file) != NULL) {
        int year, month, day;
        if (n == room) {
            room = 2 * room + 4096;
            struct law_purchase *grown = realloc(*purchases, (size_t)room * sizeof *grown);
            if (grown == NULL) {
                n = -1;
                break;
            }
            *purchases = grown;
        }
        struct law_purchase *p = *purchases + n;
        if (sscanf(line, "%ld,%d-%d-%d,", &p->customer, &year, &month, &day) != 4) {
            n = -1;
            break;
        }
        p->day = law_day(year, month, day);
        n++;
    }
    if (file != NULL) {
        fclose(file);
    }
    return n;
}

static int by_customer_and_day(const void *a, const void *b)
{
    const struct law_purchase *p = a, *q = b;
    return p->customer != q->customer ? (p->customer > q->customer) - (p->customer < q->customer)
                                      : (p->day > q->day) - (p->day < q->day);
}

size_t law_histories(struct law_purchase *purchases, size_t n, int end, struct law_history *history)
{
    size_t customers = 0;
    qsort(purchases, n, sizeof *purchases, by_customer_and_day);
    for (size_t i = 0; i < n;) {
        const long customer = purchases[i].customer;
        const int first = purchases[i].day;
        int last = first, repeats = 0;
        for (; i < n && purchases[i].customer == customer; i++) {
            if (purchases[i].day != last && purchases[i].day <= end) {
                last = purchases[i].day;
                repeats++;
            }
        }
        if (first <= end) {
            history[customers++] = (struct law_history){repeats, (last - first) / 7.0, (end - first) / 7.0};
        }
    }
    return customers;
}

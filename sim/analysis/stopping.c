#include "analysis/stopping.h"

#include <math.h>

double gw_stopping_ratio(const struct gw_stopping *rule, struct gw_width width)
{
    const double asked = rule->relative ? rule->half_width * fabs(width.mean) : rule->half_width;
    if (!isfinite(width.mean) || !isfinite(width.half_width)) {
        return INFINITY;
    }
    return width.half_width == 0.0 ? 0.0 : width.half_width / asked;
}

/* The next number at which it is due, after one or none (0). */
static uint32_t due_after(const struct gw_stopping *rule, uint32_t judged)
{
    if (judged == 0) {
        return rule->least;
    }
    return rule->most - judged > GW_STOPPING_BATCH ? judged + GW_STOPPING_BATCH : rule->most;
}

static void judge_at(const struct gw_stopping *rule, const struct gw_widths *widths, uint32_t n, struct gw_stop *stop)
{
    double worst = -1.0;
    for (size_t q = 0; q < widths->quantities; q++) {
        const struct gw_width width = widths->over(widths->context, q, n);
        const double ratio = gw_stopping_ratio(rule, width);
        if (ratio > worst) {
            worst = ratio;
            stop->widest = q;
            stop->width = width;
        }
    }
    stop->judged = n;
    stop->reached = worst <= 1.0;
    stop->n = stop->reached || n == rule->most ? n : 0;
}

void gw_stopping_judge(const struct gw_stopping *rule, const struct gw_widths *widths, uint32_t known,
                       struct gw_stop *stop)
{
    while (stop->n == 0 && due_after(rule, stop->judged) <= known) {
        judge_at(rule, widths, due_after(rule, stop->judged), stop);
    }
}

uint32_t gw_stopping_forecast(const struct gw_stopping *rule, const struct gw_stop *stop)
{
    if (stop->n > 0) {
        return stop->n;
    }
    if (stop->judged == 0) {
        return rule->least;
    }
    const double ratio = gw_stopping_ratio(rule, stop->width), n = ceil(stop->judged * ratio * ratio);
    const double soonest = due_after(rule, stop->judged);
    return n >= rule->most ? rule->most : (uint32_t)fmax(n, soonest);
}

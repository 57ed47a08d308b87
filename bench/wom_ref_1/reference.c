#include "bench/wom_ref_1/reference.h"

#include <math.h>

const struct gw_wom_reference gw_wom_reference[GW_WOM_AGGREGATES] = {
    {4617440.5, 3532.0}, {726835.2, 1257.3},   {435974.5, 772.5}, {-465.7, 87.7},   {-599405.7, 3791.4},
    {2772826.0, 2194.0}, {-1324403.9, 5799.3}, {36221.6, 201.9},  {72870.6, 246.6}, {17070.2, 114.1}};

double gw_wom_distance(const double total[GW_WOM_AGGREGATES], double z[GW_WOM_AGGREGATES])
{
    double largest = 0.0;
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        z[k] = (total[k] - gw_wom_reference[k].mean) / gw_wom_reference[k].sd;
        largest = isnan(largest) || fabs(z[k]) <= largest ? largest : fabs(z[k]);
    }
    return largest;
}

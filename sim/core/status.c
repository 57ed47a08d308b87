#include "core/status.h"

#include <stdarg.h>
#include <stdio.h>

int gw_fail(struct gw_error *error, int status, const char *format, ...)
{
    if (error != NULL && error->status == GW_OK) {
        va_list arguments;
        error->status = status;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
    }
    return status;
}

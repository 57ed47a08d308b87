#include "core/formula.h"

#include <math.h>
#include <stddef.h>
#include <muParserDLL.h>

int gw_formula_at(const char *formula, double x, double *value, struct gw_error *error)
{
    int ret = GW_OK;
    muParserHandle_t parser = mupCreate(muBASETYPE_FLOAT);
    if (parser == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a formula");
    }
    mupDefineVar(parser, "x", &x);
    mupSetExpr(parser, formula);
    *value = mupEval(parser);
    if (mupError(parser)) {
        ret = gw_fail(error, GW_BAD_INPUT, "formula '%s': %s", formula, mupGetErrorMsg(parser));
    } else if (!isfinite(*value)) {
        ret = gw_fail(error, GW_BAD_INPUT, "formula '%s' has no finite value at x = %g", formula, x);
    }
    mupRelease(parser);
    return ret;
}

/* Accounts by their names: the engine need not have them all. */
#include <string.h>
static inline enum gw_account account_named(const char *name)
{
    int account = 0;
    while (account < GW_ACCOUNTS && strcmp(gw_account_names[account], name) != 0) {
        account++;
    }
    return account < GW_ACCOUNTS ? (enum gw_account)account : GW_CASH;
}
#define ADVERTISING_SPEND account_named("advertising")
#define OFFERS_SPEND account_named("offers")
#define RETENTION_SPEND account_named("retention spend")

/*
 * Memory for arrays that grow with the number of customers.
 *
 * Zeroed, aligned to a cache line, on huge pages where the system gives them; sizes are checked
 * for overflow. Free with gw_free(). Nothing is allocated inside a period.
 */
#ifndef GW_CORE_MEMORY_H
#define GW_CORE_MEMORY_H

#include <stddef.h>

#define GW_CACHE_LINE 64

/* `count` zeroed elements of `size` bytes, or NULL when that overflows or does not fit. */
void *gw_alloc(size_t count, size_t size) __attribute__((malloc, warn_unused_result));
/* The same, of undefined content: what is never written takes no memory. */
void *gw_reserve(size_t count, size_t size) __attribute__((malloc, warn_unused_result));
void gw_free(void *memory);

/* Copy of a string (NULL stays NULL); release with free(). */
char *gw_copy_text(const char *text) __attribute__((warn_unused_result));

/* Bytes this process may still allocate: the least of RAM available, cgroup and address-space limits. */
size_t gw_memory_available(void);

#endif

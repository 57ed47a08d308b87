# Compiler flags of every target, in one place.
add_library(goodwill_flags INTERFACE)
target_compile_definitions(goodwill_flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(goodwill_flags INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes -Wmissing-prototypes
  -Wno-missing-field-initializers -Wpointer-arith -Wcast-qual -Wvla -Wformat=2 -Wundef
  # The same bits everywhere: no contraction; errno and traps are never looked at.
  -ffp-contract=off -fno-math-errno -fno-trapping-math
  -fstack-protector-strong -fPIE)
target_link_options(goodwill_flags INTERFACE -pie -Wl,--as-needed -Wl,-z,relro,-z,now)
if(GOODWILL_SANITIZE)
  # Optimised a little: the tests run several times faster, and the sanitizers see the same accesses.
  target_compile_options(goodwill_flags INTERFACE -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
                         -fno-omit-frame-pointer -g)
  target_link_options(goodwill_flags INTERFACE -fsanitize=address,undefined)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(goodwill_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
if(GOODWILL_COVERAGE)
  target_compile_options(goodwill_flags INTERFACE --coverage -g)
  target_link_options(goodwill_flags INTERFACE --coverage)
endif()

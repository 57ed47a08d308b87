# goodwill_rules(TARGET FILE...): compiles rules once per instruction set into TARGET, with a registry of them.
#
# A rule is one file NAME.c that ends in GW_RULE(NAME). The registry (models/registry.h) lists them in the order of
# names. A program has one registry: its own, if it links a target made by this function ahead of the library, which
# brings that of models/ for all others.

# Instruction sets: the floor of the fast builds is x86-64-v3; `portable` gives the same bits slowly.
set(GOODWILL_ISAS portable)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND GOODWILL_ISAS v3 v4)
  set(GOODWILL_ISA_FLAGS_v3 -march=x86-64-v3)
  set(GOODWILL_ISA_FLAGS_v4 -march=x86-64-v4 -mprefer-vector-width=512)
endif()

function(goodwill_rules target)
  list(SORT ARGN)
  set(names)
  foreach(file IN LISTS ARGN)
    cmake_path(GET file STEM name)
    string(MD5 hash ${name})
    string(SUBSTRING ${hash} 0 8 id)
    if(DEFINED rule_of_${id})
      message(FATAL_ERROR "rules ${name} and ${rule_of_${id}} hash to the same random stream: rename one")
    endif()
    set(rule_of_${id} ${name})
    list(APPEND names ${name})
    string(APPEND ids "    0x${id}u, /* ${name} */\n")
  endforeach()

  list(LENGTH names rule_count)
  set(tables "")
  foreach(isa IN LISTS GOODWILL_ISAS)
    set(objects ${target}_rules_${isa})
    add_library(${objects} OBJECT ${ARGN})
    target_link_libraries(${objects} PRIVATE goodwill_flags)
    target_include_directories(${objects} PRIVATE ${PROJECT_SOURCE_DIR}/sim ${PROJECT_SOURCE_DIR}/models)
    target_compile_definitions(${objects} PRIVATE GW_ISA=${isa})
    target_compile_options(${objects} PRIVATE $<$<CONFIG:Release>:-O3> ${GOODWILL_ISA_FLAGS_${isa}})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
    set(rows "")
    foreach(name IN LISTS names)
      string(APPEND tables "extern const struct gw_rule gw_rule_${name}_${isa};\n")
      string(APPEND rows "    &gw_rule_${name}_${isa},\n")
    endforeach()
    string(TOUPPER ${isa} ISA)
    string(APPEND tables "static const struct gw_rule *const rules_${isa}[] = {\n${rows}};\n")
    string(APPEND lists "    [GW_ISA_${ISA}] = rules_${isa},\n")
  endforeach()

  configure_file(${PROJECT_SOURCE_DIR}/models/registry.c.in ${CMAKE_CURRENT_BINARY_DIR}/registry.c @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/registry.c)
endfunction()

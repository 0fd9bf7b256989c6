# How every target of the project is compiled: warnings are errors, ccache where it is there,
# sanitizers by preset.
add_library(vitals_options INTERFACE)
target_compile_options(vitals_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wnull-dereference -fno-omit-frame-pointer
  -ffp-contract=off)  # no fused multiplication, so that sums are the same on every processor
# The daemon runs where it is built, so by default it may use what most processors have had since
# 2015 (x86-64-v3: AVX2, BMI) if this one has it, else what they have had since 2009 (v2: popcnt,
# SSE4.2). To build for others, say which level; empty is the compiler's own.
set(x86_level x86-64-v2)
if(EXISTS /proc/cpuinfo)
  file(STRINGS /proc/cpuinfo x86_flags REGEX "^flags" LIMIT_COUNT 1)
  if(x86_flags MATCHES " avx2 " AND x86_flags MATCHES " bmi2 " AND x86_flags MATCHES " fma "
      AND x86_flags MATCHES " movbe " AND x86_flags MATCHES " f16c " AND x86_flags MATCHES " abm ")
    set(x86_level x86-64-v3)
  endif()
endif()
set(VITALS_X86_LEVEL ${x86_level} CACHE STRING "-march on x86-64")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" AND VITALS_X86_LEVEL)
  target_compile_options(vitals_options INTERFACE -march=${VITALS_X86_LEVEL})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these falsely inside the standard library and Boost when it inlines.
  target_compile_options(vitals_options INTERFACE
    -Wno-null-dereference -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-dangling-pointer)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It takes the sources of a batch for headers.
  target_compile_options(vitals_options INTERFACE -Wno-subobject-linkage)
endif()

if(VITALS_SANITIZE)
  target_compile_options(vitals_options INTERFACE -fsanitize=${VITALS_SANITIZE}
    -fno-sanitize-recover=all)
  target_link_options(vitals_options INTERFACE -fsanitize=${VITALS_SANITIZE})
  if(VITALS_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio uses atomic_thread_fence, which the thread sanitizer does not model.
    target_compile_options(vitals_options INTERFACE -Wno-tsan)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # What one clone has compiled serves every other, wherever it lies.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

execute_process(COMMAND git -C ${CMAKE_SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE VITALS_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT VITALS_COMMIT)
  set(VITALS_COMMIT unknown)
endif()

# How every target of the project is compiled: warnings are errors, ccache where it is there,
# sanitizers by preset.
add_library(vitals_options INTERFACE)
target_compile_options(vitals_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wnull-dereference -fno-omit-frame-pointer)
# What processors have had since 2009: popcnt, SSE4.2. Empty for older ones.
set(VITALS_X86_LEVEL "x86-64-v2" CACHE STRING "-march on x86-64")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" AND VITALS_X86_LEVEL)
  target_compile_options(vitals_options INTERFACE -march=${VITALS_X86_LEVEL})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these falsely inside the standard library and Boost when it inlines.
  target_compile_options(vitals_options INTERFACE
    -Wno-null-dereference -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-dangling-pointer)
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
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

execute_process(COMMAND git -C ${CMAKE_SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE VITALS_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT VITALS_COMMIT)
  set(VITALS_COMMIT unknown)
endif()

# add_room(NAME store DEPS base LIBS rocksdb) makes the library vitals_store from src/store.
#
# DEPS are the rooms whose doors (include/vitals/<room>) this room may include; LIBS the outside
# libraries it owns. tests/tidy holds the same line against the real #includes, so the link graph
# and the include graph cannot drift apart. Sources are found, so a new file needs no CMake edit.
function(add_room)
  cmake_parse_arguments(ROOM "" "NAME" "DEPS;LIBS" ${ARGN})
  set(folder ${CMAKE_SOURCE_DIR}/src/${ROOM_NAME})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(TRANSFORM ROOM_DEPS PREPEND vitals_)
  if(sources)
    add_library(vitals_${ROOM_NAME} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(vitals_${ROOM_NAME} PRIVATE vitals_options)
  else()
    add_library(vitals_${ROOM_NAME} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(vitals_${ROOM_NAME} ${scope} ${CMAKE_SOURCE_DIR}/include)
  target_link_libraries(vitals_${ROOM_NAME} ${scope} ${ROOM_DEPS} ${ROOM_LIBS})
endfunction()

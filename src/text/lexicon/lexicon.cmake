# The rated words come from registered packages, whose versions and hashes package-lock.json fixes.
# They are fetched once for a build folder, and again when the lock changes.
find_program(NPM npm REQUIRED)
find_program(NODE NAMES node nodejs REQUIRED)
set(lexicon_from ${CMAKE_CURRENT_LIST_DIR})
set(lexicon_to ${CMAKE_CURRENT_BINARY_DIR}/lexicon)
add_custom_command(
  OUTPUT ${lexicon_to}/entries.cpp
  DEPENDS ${lexicon_from}/package.json ${lexicon_from}/package-lock.json
    ${lexicon_from}/generate.mjs
  COMMAND ${CMAKE_COMMAND} -E copy ${lexicon_from}/package.json ${lexicon_from}/package-lock.json
    ${lexicon_to}
  COMMAND ${NPM} ci --prefix ${lexicon_to} --ignore-scripts --no-audit --no-fund
    --no-update-notifier --prefer-offline --loglevel=error
  COMMAND ${NODE} ${lexicon_from}/generate.mjs ${lexicon_to} ${lexicon_to}/entries.cpp
  COMMENT "Fetching the lists of rated words"
  VERBATIM)
file(MAKE_DIRECTORY ${lexicon_to})
target_sources(vitals_text PRIVATE ${lexicon_to}/entries.cpp)
target_include_directories(vitals_text PRIVATE ${CMAKE_SOURCE_DIR}/src)

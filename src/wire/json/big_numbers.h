#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitals::wire::json {

/// simdjson refuses a document for a number beyond 64-bit integers or doubles, although JSON's
/// grammar allows it, be it in a field that nobody reads. This rewrites such numbers as doubles:
/// an integer loses digits, and what no double holds becomes the largest one, which is out of range
/// in every field. Nothing when the text has no such number. Malformed numbers stay as they are.
std::optional<std::string> rewrite_big_numbers(std::string_view text);

}  // namespace vitals::wire::json

#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <nlohmann/json.hpp>

#include <vitals/base/result.h>

namespace vitals::registry {

/// The version of what the tables of the registry hold: JSON objects that name it.
inline constexpr int kFormat = 1;

/// What `read` makes of a stored object. Error: corruption, which names `what` it should have been
/// and nothing that it holds.
template <class Read>
std::invoke_result_t<Read, const nlohmann::json&> read_stored(std::string_view what,
                                                              std::string_view bytes, Read&& read) {
  const auto broken = [what](const std::string& how) {
    return Error{Errc::corruption, "stored " + std::string(what) + how};
  };
  try {
    const nlohmann::json object = nlohmann::json::parse(bytes);
    if (const int format = object.at("format"); format != kFormat) {
      return broken(" of unknown format " + std::to_string(format));
    }
    return read(object);
  } catch (const nlohmann::json::exception&) {
    return broken(" is damaged");
  }
}

}  // namespace vitals::registry

#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <nlohmann/json.hpp>

#include <vitals/base/result.h>

namespace vitals::registry {

/// What `read` makes of a stored JSON object of this format, which it names. Error: corruption,
/// which names `what` it should have been, or what `read` says.
template <class Read>
std::invoke_result_t<Read, const nlohmann::json&> read_stored(std::string_view what,
                                                              int known_format,
                                                              std::string_view bytes,
                                                              const Read& read) {
  const auto broken = [what](const std::string& how) {
    return Error{Errc::corruption, "stored " + std::string(what) + how};
  };
  try {
    const nlohmann::json object = nlohmann::json::parse(bytes);
    if (const int format = object.at("format"); format != known_format) {
      return broken(" of unknown format " + std::to_string(format));
    }
    return read(object);
  } catch (const nlohmann::json::exception&) {
    return broken(" is damaged");
  }
}

}  // namespace vitals::registry

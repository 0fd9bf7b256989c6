#include "error_types.h"

#include <vitals/text/error_class.h>

namespace vitals::api {
namespace {

constexpr const char* kOther = "other";

}  // namespace

wire::ErrorTypeOf error_type_of(const Services& services) {
  return [&templates = services.error_templates, &clock = services.clock,
          logger = services.logger](std::string_view message) -> std::string {
    const std::string_view known = text::error_class(message);
    if (!known.empty()) return std::string(known);
    text::ErrorTemplate unknown = text::error_template(message);
    if (unknown.text.empty()) return kOther;
    const auto noted = templates.note(unknown.type, unknown.text, clock.now_ms());
    if (!noted) logger->warn("the template of an error is not kept: {}", noted.error().message);
    return noted && *noted ? std::move(unknown.type) : kOther;
  };
}

}  // namespace vitals::api
